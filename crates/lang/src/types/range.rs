//! `low..high`: one value means both, and an end may be left open (`500m..`, `..1`).

use stackctl_model::Quantity;

use super::duration::Duration;
use super::wrong::Wrong;
use crate::declare::Type;
use crate::value::Value;

/// How a value is checked against a type.
type Check = fn(&Type, &Value) -> Result<(), Wrong>;

pub(super) fn range(inner: &Type, value: &Value, check: Check) -> Result<(), Wrong> {
    let Value::Text(written) = value else { return check(inner, value) };
    let Some((low, high)) = written.split_once("..") else { return end(inner, written, check) };
    if low.is_empty() && high.is_empty() {
        return Err(Wrong::new(
            "bad-range",
            "this range has no ends",
            "Write low..high, such as \"500m..1\".",
        ));
    }
    for one in [low, high] {
        if !one.is_empty() {
            end(inner, one, check)?;
        }
    }
    match (size(inner, low), size(inner, high)) {
        (Some(from), Some(to)) if from > to => {
            let wrong = Wrong::new("bad-range", format!("{low} is more than {high}"), "");
            Err(wrong.meant(&format!("{high}..{low}")))
        }
        _ => Ok(()),
    }
}

/// One end, which is text even where the type itself is a number.
fn end(inner: &Type, written: &str, check: Check) -> Result<(), Wrong> {
    if matches!(inner, Type::Integer | Type::Port) {
        let number = written.parse().map(Value::Integer);
        return check(inner, &number.unwrap_or_else(|_| Value::Text(written.to_owned())));
    }
    check(inner, &Value::Text(written.to_owned()))
}

/// What ends are compared by.
fn size(inner: &Type, written: &str) -> Option<i128> {
    if matches!(inner, Type::Quantity) {
        written.parse::<Quantity>().ok().map(|quantity| quantity.nanos())
    } else if matches!(inner, Type::Duration) {
        written.parse::<Duration>().ok().map(|one| i128::from(one.milliseconds()))
    } else {
        written.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::range;
    use crate::declare::Type;
    use crate::types::check;
    use crate::value::Value;

    fn ok(inner: &Type, text: &str) -> bool {
        range(inner, &Value::Text(text.to_owned()), check).is_ok()
    }

    #[test]
    fn the_smaller_end_comes_first() {
        for good in ["500m..1", "1", "2Gi..2048Mi", "500m..", "..1"] {
            assert!(ok(&Type::Quantity, good), "{good}");
        }
        for bad in ["1..500m", "..", "a..b", "1...2", "1..2..3", ""] {
            assert!(!ok(&Type::Quantity, bad), "{bad}");
        }
        assert!(ok(&Type::Port, "8000..9000"));
        assert!(!ok(&Type::Port, "9000..8000"));
        assert!(!ok(&Type::Duration, "2m..30s"));
    }
}
