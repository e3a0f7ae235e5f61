//! The inks of a line.

use ordinal::view::highlight::{Ink, pieces};

#[test]
fn joined_pieces_are_the_line() {
    let lines = [
        "",
        "   ",
        "---",
        "# note",
        "  # note",
        "a: b",
        "a:",
        "- a: b # c",
        "- - x",
        "  image: nginx:1.27",
        "key: 'a # b' # c",
        "한국어: 값 # 메모",
        ": ",
        "{a: b}",
        "a:b",
        "http://x: y",
        "\ttab: x\t\t# y",
        "\u{a0}\u{a0}space: x",
        "- ",
        "'a': \"b\"#c",
    ];
    for line in lines {
        let joined: String = pieces(line).iter().map(|(_, text)| *text).collect();
        assert_eq!(joined, line);
    }
}

#[test]
fn keys_values_and_comments_are_told_apart() {
    assert_eq!(pieces("  - name: web # one"), [(Ink::Key, "  - name: "), (Ink::Value, "web "), (Ink::Comment, "# one")]);
    assert_eq!(pieces("image: nginx:1.27"), [(Ink::Key, "image: "), (Ink::Value, "nginx:1.27")]);
    assert_eq!(pieces("\ta: b"), [(Ink::Tab, "\t"), (Ink::Key, "a: "), (Ink::Value, "b")]);
    assert_eq!(pieces("ports: [{containerPort: 80}]"), [(Ink::Key, "ports: "), (Ink::Value, "[{containerPort: 80}]")]);
}
