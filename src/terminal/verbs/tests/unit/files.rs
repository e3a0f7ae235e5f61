//! The files that a command sees.

use kubectl::Files;
use std::rc::Rc;

#[test]
fn a_pattern_matches_files_and_folders_part_by_part() {
    let files: Files = ["a.yaml", "b.yaml", "dir/c.yaml", "dir/d.txt", "dir/sub/e.yaml"].into_iter().map(|path| (path, "")).collect();
    let found = |pattern: &str| files.glob(pattern).map(|found| found.join(" "));
    for (pattern, want) in [
        ("*", Some("a.yaml b.yaml dir")),
        ("./*.yaml", Some("a.yaml b.yaml")),
        ("d?r/*", Some("dir/c.yaml dir/d.txt dir/sub")),
        ("*/*.yaml", Some("dir/c.yaml")),
        ("[a-c].yaml", Some("a.yaml b.yaml")),
        ("[^a].y*l", Some("b.yaml")),
        (r"\a.yaml", Some("a.yaml")),
        ("z*", Some("")),
        ("[a", None),
        ("[]a", None),
        ("[-]", None),
        ("*.*a*m*", Some("a.yaml b.yaml")),
        ("a\\", None),
    ] {
        assert_eq!(found(pattern).as_deref(), want, "{pattern}");
    }
}

#[test]
fn a_folder_lists_its_own_files_only() {
    let files: Files = [("a.yaml", "1"), ("dir/b.yaml", "2"), ("dir/sub/c.yaml", "3")].into_iter().collect();
    assert_eq!(files.get("./a.yaml"), Some("1"));
    assert!(files.is_folder("dir/") && files.is_folder(".") && !files.is_folder("a.yaml"));
    let names: Vec<String> = files.in_folder("dir").into_iter().map(|(p, _)| p).collect();
    assert_eq!(names, ["dir/b.yaml"]);
    assert_eq!(files.in_folder(".").len(), 1);
    let webbed = files.clone().with([("https://a.b/c.yaml", "5")]);
    assert_eq!((webbed.get("https://a.b/c.yaml"), webbed.below("."), webbed.glob("*")), (Some("5"), files.below("."), files.glob("*")));
    let files = files.with([("dir/b/z.yaml", "4")]);
    let names: Vec<String> = files.below("dir").into_iter().map(|(p, _)| p).collect();
    assert_eq!(names, ["dir/b/z.yaml", "dir/b.yaml", "dir/sub/c.yaml"]);
}

#[test]
fn paths_are_read_from_the_working_directory() {
    let root: Files = [("a.yaml", "1"), ("dir/b.yaml", "2"), ("dir/sub/c.yaml", "3"), ("dir/sub/.keep", "")].into_iter().collect();
    let mut files = root.seen_from("/dir");
    for (path, want) in
        [("b.yaml", "2"), ("./sub/c.yaml", "3"), ("../a.yaml", "1"), ("/a.yaml", "1"), ("/dir/b.yaml", "2"), ("../../a.yaml", "1")]
    {
        assert_eq!(files.get(path), Some(want), "{path}");
    }
    assert_eq!((files.get("a.yaml"), root.get("/dir/b.yaml")), (None, Some("2")));
    let names = |found: Vec<(String, &Rc<String>)>| found.into_iter().map(|(path, _)| path).collect::<Vec<_>>();
    assert_eq!(
        (names(files.in_folder(".")), names(files.below("./"))),
        (vec!["b.yaml".into()], vec!["b.yaml".into(), "sub/c.yaml".into()])
    );
    assert_eq!(
        (names(files.in_folder("..")), names(files.in_folder("/dir/sub/"))),
        (vec!["../a.yaml".into()], vec!["/dir/sub/c.yaml".into()])
    );
    assert_eq!(files.glob("*").map(|found| found.join(" ")).as_deref(), Some("b.yaml sub"));
    assert_eq!(files.glob("../*.yaml").map(|found| found.join(" ")).as_deref(), Some("/a.yaml"));
    files.put("d.yaml", "4");
    assert_eq!((files.seen_from("/").get("dir/d.yaml"), files.remove("../dir/d.yaml"), files.get("d.yaml")), (Some("4"), true, None));
}

#[test]
fn what_is_appended_stays_with_the_copy_it_was_appended_to() {
    let mut files = Files::new();
    files.append("a", "one ");
    let before = files.clone();
    files.append("./a", "two");
    assert_eq!((before.get("a"), files.get("a")), (Some("one "), Some("one two")));
}
