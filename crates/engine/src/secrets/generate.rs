//! Makes values that nobody has to think up.

use ring::rand::{SecureRandom, SystemRandom};
use stackctl_model::{Alphabet, SecretValue};
use zeroize::Zeroizing;

use super::error::SecretError;

/// A random value of so many letters.
pub(super) fn value(alphabet: Alphabet, length: usize) -> Result<SecretValue, SecretError> {
    let letters: &[u8] = match alphabet {
        Alphabet::Hex => b"0123456789abcdef",
        Alphabet::Alphanumeric => b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
    };
    // Bytes beyond a multiple of the alphabet are drawn again, or some letters would come more often.
    let fair = 256 - 256 % letters.len();
    let random = SystemRandom::new();
    let mut value = Vec::with_capacity(length);
    let mut drawn = Zeroizing::new([0_u8; 64]);
    while value.len() < length {
        random.fill(drawn.as_mut_slice()).map_err(|_| SecretError::NoRandomness)?;
        let usable = drawn.iter().map(|byte| usize::from(*byte)).filter(|byte| *byte < fair);
        let chosen = usable.filter_map(|byte| letters.get(byte % letters.len()).copied());
        value.extend(chosen.take(length - value.len()));
    }
    Ok(SecretValue::new(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_their_length_and_letters_and_differ() {
        let made = || value(Alphabet::Hex, 200).unwrap();
        let (one, other) = (made(), made());
        assert_eq!(one.expose().len(), 200);
        assert!(one.expose().iter().all(u8::is_ascii_hexdigit));
        assert_ne!(one.expose(), other.expose());
    }
}
