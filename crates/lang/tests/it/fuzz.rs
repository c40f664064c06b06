//! Real stacks and modules, broken in every way one can think of: nothing panics, nothing hangs.
//!
//! `cargo test -p stackctl-lang --release -- --ignored fuzz_one_minute` runs it for long.

use std::time::{Duration, Instant};

use stackctl_lang::{Sources, format, read_module, read_stack};

use crate::memory::Memory;
use crate::sketch::{MODULES, STACKS};

/// How long the long run takes.
const SECONDS: u64 = 60;
/// The longest that one text may take.
const LONGEST: Duration = Duration::from_secs(2);

/// xorshift64*: the same texts in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap();
        usize::try_from((self.next() >> 16) % limit).unwrap()
    }
}

const TOKENS: [&str; 48] = [
    "{",
    "}",
    "(",
    ")",
    "=",
    ";",
    "\"",
    "\"\"\"",
    "#\"",
    "\"#",
    "/*",
    "*/",
    "/-",
    "//",
    "\\",
    "\n",
    "\r\n",
    "\u{feff}",
    "\u{2028}",
    "\u{202e}",
    "\0",
    "é",
    "𝄞",
    "500m",
    "10Gi..1Gi",
    "true",
    "#true",
    "#null",
    "#inf",
    "1e999",
    "99999999999999999999",
    "0x",
    "0o8",
    "-",
    "(env)",
    "(knob)x",
    "(evn)\"X\"",
    "include \"stack.kdl\"\n",
    "group g {",
    "app app",
    "defaults { node {",
    "a=b=c",
    "\"\\q\"",
    "\"\\u{D800}\"",
    "\"\"\"\n a\n  \"\"\"",
    "/-{",
    "\\ // x\n",
    "{{ name }}",
];

fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn slice(text: &str, random: &mut Random) -> std::ops::Range<usize> {
    let start = boundary(text, random.below(text.len() + 1));
    let length = 1 + random.below(80);
    start..boundary(text, (start + length).min(text.len()))
}

fn mutate(text: &mut String, random: &mut Random) {
    let range = slice(text, random);
    match random.below(9) {
        0 => text.replace_range(range, ""),
        1 => text.insert_str(range.start, TOKENS[random.below(TOKENS.len())]),
        2 => text.replace_range(range, TOKENS[random.below(TOKENS.len())]),
        3 => {
            let copy = text[range].to_owned();
            let at = boundary(text, random.below(text.len() + 1));
            text.insert_str(at, &copy);
        }
        4 => {
            let byte = char::from(u8::try_from(random.below(128)).unwrap());
            text.insert(range.start, byte);
        }
        5 => {
            let token = TOKENS[random.below(TOKENS.len())];
            text.insert_str(range.start, &token.repeat(1 + random.below(100)));
        }
        6 => text.truncate(range.start),
        7 => {
            let inner = text[range.clone()].to_owned();
            let depth = 1 + random.below(70);
            text.replace_range(
                range,
                &format!("{}{inner}{}", "n {".repeat(depth), "}\n".repeat(depth)),
            );
        }
        _ => {
            let other = STACKS[random.below(STACKS.len())];
            let part = slice(other, random);
            text.insert_str(range.start, &other[part]);
        }
    }
}

/// Reads a text in every way there is.
fn read(text: &str) {
    let start = Instant::now();
    let files = Memory::of([("stack.kdl", text), ("other.kdl", text)]);
    let mut sources = Sources::default();
    let (_, mut findings) = read_stack(&files, "stack.kdl", &mut sources);
    findings.extend(read_module(&files, "stack.kdl", &mut sources).1);
    for finding in &findings {
        for span in finding.places.iter().filter_map(|place| place.at.span()) {
            let source = sources.get(span.source).expect("a span in a text that was read");
            let marked = source.text.get(span.start..span.end);
            assert!(marked.is_some(), "{}: {:?} is no place in\n{text}", finding.code, span);
        }
    }
    if let Ok(laid_out) = format(text) {
        assert_eq!(format(&laid_out).as_ref(), Ok(&laid_out), "laid out twice:\n{text}");
    }
    let taken = start.elapsed();
    assert!(taken < LONGEST, "{taken:?} for\n{text}");
}

fn fuzz(time: Duration, seed: u64) {
    let mut random = Random(seed);
    let start = Instant::now();
    let mut count = 0_u32;
    while start.elapsed() < time {
        let texts = STACKS.len() + MODULES.len();
        let choice = random.below(texts);
        let mut text = STACKS.iter().chain(&MODULES).nth(choice).copied().unwrap().to_owned();
        for _ in 0..=random.below(6) {
            mutate(&mut text, &mut random);
        }
        read(&text);
        count += 1;
    }
    println!("{count} texts");
}

#[test]
fn broken_texts_never_panic() {
    fuzz(Duration::from_secs(2), 0x9E37_79B9_7F4A_7C15);
}

#[test]
#[ignore = "takes a minute; run by name"]
fn fuzz_one_minute() {
    fuzz(Duration::from_secs(SECONDS), 0xD1B5_4A32_D192_ED03);
}

#[test]
fn deep_and_long_texts_are_refused_or_read_in_time() {
    let deep = |open: &str, count: usize| open.repeat(count);
    for text in [
        deep("a {", 100_000),
        deep("a {\n", 60) + &"}\n".repeat(60),
        deep("}", 100_000),
        deep("/*", 100_000),
        deep("/- ", 100_000),
        deep("a /-{ ", 100_000),
        deep("x; /- b {", 60) + &"}".repeat(60),
        deep("a /-{ ", 60) + &"}".repeat(60),
        deep("(", 100_000),
        deep("\"", 100_001),
        deep("#", 100_000),
        deep("a=", 100_000),
        deep("\\\n", 100_000),
        deep("a {};", 10_000),
        deep("node n\n", 10_000),
        deep("app a { b 500m; }\n", 5_000),
        deep("x", 1 << 20),
        deep("x", (1 << 20) + 1),
        format!("stack x\n{}", deep("app y { cpu 1; volume v \"1Gi\"; }\n", 1 << 12)),
    ] {
        let start = Instant::now();
        let mut sources = Sources::default();
        let _ = read_stack(&Memory::of([("stack.kdl", &text)]), "stack.kdl", &mut sources);
        let _ = format(&text);
        let taken = start.elapsed();
        assert!(taken < Duration::from_secs(20), "{taken:?} for {}", &text[..text.len().min(40)]);
    }
}
