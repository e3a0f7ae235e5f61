//! Differences of texts.

use kubectl::hunks::{changed, unified};

#[test]
fn differences_are_shown_with_their_surroundings() {
    let old = (1..=12).map(|i| format!("line {i}")).collect::<Vec<_>>().join("\n") + "\n";
    let new = old.replace("line 6\n", "line six\n") + "line 13\n";
    assert_eq!(
        unified(&old, &new),
        "@@ -3,10 +3,11 @@\n line 3\n line 4\n line 5\n-line 6\n+line six\n line 7\n line 8\n line 9\n line 10\n line 11\n line 12\n+line 13\n"
    );
    assert_eq!(unified("a\n", "a\n"), "");
    assert_eq!(unified("", "a\nb\n"), "@@ -0,0 +1,2 @@\n+a\n+b\n");
}

#[test]
fn a_text_with_its_changes_made_is_the_other_one_and_so_is_one_much_like_it() {
    let old = (1..=40).map(|i| format!("line {}", i % 7)).collect::<Vec<_>>().join("\n") + "\n";
    let new = old.replacen("line 6\n", "", 1).replacen("line 0\n", "line 0\nnew\nlines\n", 2) + "last\n";
    for (old, new) in [(old.as_str(), new.as_str()), ("", "a\n"), ("a\n", ""), ("a\na\na\n", "a\na\n"), ("a\n", "a\n")] {
        assert_eq!(changed(old, &unified(old, new)), new);
        assert_eq!(changed(new, &unified(new, old)), old);
    }
    let (own, other) = ("uid: 1\npolicy: OrderedReady\nreplicas: 3\nstatus: 1\n", "uid: 2\npolicy: Parallel\nreplicas: 3\nnew: 1\n");
    let changes = unified(own, &own.replace('3', "5"));
    assert_eq!(changed(other, &changes), other.replace('3', "5"));
    assert_eq!(changed("replicas: 4\n", &changes), "replicas: 4\n");
    for damage in ["@", "@@ -x +", "-", "+\n+a", " \n@@\n-\n+b", "nonsense"] {
        changed(own, damage);
    }
}

/// The hunks of two texts, each of which has a letter in a line.
fn of_letters(old: &str, new: &str) -> String {
    let lines = |letters: &str| letters.chars().flat_map(|c| [c, '\n']).collect::<String>();
    unified(&lines(old), &lines(new)).replace('\n', "|")
}

#[test]
fn lines_are_laid_beside_each_other_as_by_gnu_diff() {
    for (old, new, hunks) in [
        // A run slides to where it stands beside another.
        ("cfaa", "fcaZd", "@@ -1,4 +1,5 @@|-c| f|+c| a|-a|+Z|+d|"),
        // It does not slide over what the texts begin or end with, but for three lines.
        ("bbaaaa", "abbaaaaa", "@@ -1,6 +1,8 @@|+a| b| b| a| a| a|+a| a|"),
        // What has no counterpart does not mislead the search.
        ("dadb", "dZaaXd", "@@ -1,4 +1,6 @@| d|+Z| a|+a|+X| d|-b|"),
        // Nor does, among such lines, what the other text has often.
        ("aaaZaaZa", "bbQaPQOa", "@@ -1,8 +1,8 @@|-a|-a|-a|-Z|-a|-a|-Z|+b|+b|+Q|+a|+P|+Q|+O| a|"),
    ] {
        assert_eq!(of_letters(old, new), hunks, "{old} {new}");
    }
}
