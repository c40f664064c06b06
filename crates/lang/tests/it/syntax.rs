//! Mistakes of syntax: all of them in one run, together with those of meaning.

use crate::memory::{said, stack};

#[test]
fn bare_words_and_meaning_are_told_together() {
    insta::assert_snapshot!(said(
        "stack home timezone=Europe/Oslo
node nuc-01 ssh=ops@10.0.0.11 optional=true {
    gpu intel /dev/dri/renderD128
}
storage-class media replicas=2 budget=2Tb backup=nightly
volume library 2Ti clas=media
backup nightly 0 2 * * *
auth authentik url=https://auth.example.com
"
    ));
}

#[test]
fn braces_quotes_and_comments_without_an_end() {
    insta::assert_snapshot!(said(
        "stack x
gateway a class=cilium {
    https \"*.example.com
    http \"a.example.com\"

app jellyfin {
    cpu 1
}
}
node n { gpu intel; } node m
{ gpu amd; }
volume v=1Gi
volume w \"1Gi\" class=
TZ=\"Europe/Oslo\"
(env)X
secret s { A (env; }
/* never ends
"
    ));
}

#[test]
fn strings_that_kdl_does_not_take() {
    insta::assert_snapshot!(said(
        "stack x
app a { cmd \"C:\\qux\" $(date) a=b=c \"a\"b; list [a, b]; quote 'a'; }
manifest \"\"\"
  a
    b
      \"\"\"
node \u{202e}n
"
    ));
}

#[test]
fn mended_words_mean_what_was_meant() {
    let (stack, findings, _) = stack("stack x\nnode n optional=true ssh=a/b\nvolume v 10Gi\n");
    let stack = stack.unwrap();
    assert!(stack.nodes[0].reach.optional);
    assert_eq!(stack.volumes[0].size.value.to_string(), "10Gi");
    let codes: Vec<_> = findings.iter().map(|finding| finding.code.as_ref()).collect();
    assert_eq!(codes, ["needs-hash", "needs-quotes", "bad-ssh", "needs-quotes"]);
}

#[test]
fn an_unclosed_block_does_not_swallow_what_follows() {
    let (stack, findings, _) =
        stack("stack x\nnode n {\n    gpu intel\n\napp a {\n    b 1\n}\n\napp c\n");
    assert_eq!(stack.unwrap().apps.len(), 2);
    assert_eq!(findings.len(), 1);
}

#[test]
fn what_is_commented_out_is_not_there() {
    let (stack, findings, _) = stack(
        "stack x /- domain=nowhere\n/- app a { b 500m; }\napp c /-{ d; } { e /-f g; }\n/-\napp h\nnode n /- ssh=x optional=#true\n",
    );
    assert_eq!(findings, []);
    let stack = stack.unwrap();
    assert_eq!(stack.apps.len(), 1);
    assert_eq!(stack.apps[0].layers[0].blocks[0].args.len(), 1);
    assert!(stack.nodes[0].reach.optional && stack.nodes[0].reach.way == stackctl_model::Way::None);
}

#[test]
fn huge_and_deep_texts_are_refused_in_words() {
    let deep = format!("stack x\n{}", "a {\n".repeat(70));
    let long = "x".repeat((1 << 20) + 1);
    insta::assert_snapshot!(
        [said(&deep), said(&long)]
            .map(|said| said.chars().take(300).collect::<String>())
            .join("\n")
    );
}
