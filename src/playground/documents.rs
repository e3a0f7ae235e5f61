//! The documents of a manifest, one for each object.

use api::kind::Kind;
use yaml::Document;

/// The objects of a manifest, each as a document of its own: a list gives way to its items, which keep their places in the text.
pub fn objects(documents: &[Document]) -> Vec<Document> {
    let mut found = Vec::new();
    for document in documents {
        if add_items(document, &mut found).is_none() {
            found.push(document.clone());
        }
    }
    found
}

/// Adds the items of a document that is a list; `None` if it is an object. Items of a typed list need not repeat their kind.
fn add_items(document: &Document, found: &mut Vec<Document>) -> Option<()> {
    let list = document.value.as_ref()?;
    let of = list.text_at(&["kind"])?.strip_suffix("List").filter(|of| of.is_empty() || Kind::named(of).is_some())?;
    let nodes = document.root.as_ref()?.entry("items")?.value.items();
    let values = list.get("items")?.as_list()?;
    for (node, value) in nodes.iter().zip(values) {
        let mut item = Document { span: node.span, root: Some(node.clone()), value: Some(value.clone()), problems: Vec::new() };
        if let Some(value) = item.value.as_mut().filter(|value| value.get("kind").is_none()) {
            value.set(&["kind"], of);
        }
        for problem in &document.problems {
            if (item.span.start..item.span.end).contains(&problem.span.start) {
                item.problems.push(problem.clone());
            }
        }
        if add_items(&item, found).is_none() {
            found.push(item);
        }
    }
    Some(())
}
