use ordinal::api::client::Client;
use ordinal::api::kind::Kind;
use ordinal::base::value::Value;
use ordinal::sim::Sim;
use ordinal::sim::setup::Setup;
use ordinal::yaml;

#[derive(serde::Deserialize)]
struct Case {
    id: String,
    manifest: String,
    #[serde(default)]
    setup: String,
    #[serde(default)]
    stored: Option<Value>,
    #[serde(default)]
    api: Option<Api>,
}
#[derive(serde::Deserialize)]
struct Api {
    reason: Option<String>,
    message: String,
}

#[test]
fn api() {
    let (mut same, mut all) = (0, 0);
    for line in include_str!("../data/validation/cases.jsonl").lines() {
        let c: Case = serde_json::from_str(line).unwrap();
        if !c.setup.is_empty() {
            continue;
        }
        let Some(object) = yaml::parse(&c.manifest).into_iter().filter_map(|d| d.value).find(|v| !v.is_null()) else { continue };
        let Some(kind) = Kind::of(object.text_at(&["apiVersion"]).unwrap_or(""), object.text_at(&["kind"]).unwrap_or("")) else { continue };
        let mut sim = Sim::new(&Setup { classes: vec![], ..Setup::default() });
        let got = sim.create(kind, "default", &object, false);
        all += 1;
        let ok = match (&got, &c.api, &c.stored) {
            (Err(s), Some(api), _) => s.message == api.message,
            (Ok(w), None, Some(stored)) => {
                let mut spec = w.object.get("spec").cloned().unwrap_or(Value::map());
                spec.remove(&["template"]);
                let mut want = stored.get("spec").cloned().unwrap_or_default();
                for f in ["clusterIP", "clusterIPs"] {
                    if spec.text_at(&[f]) != Some("None") {
                        spec.remove(&[f]);
                        want.remove(&[f]);
                    }
                }
                if spec != want {
                    println!("## {} STORED\n--- got\n{}--- want\n{}", c.id, yaml::print(&spec), yaml::print(&want));
                }
                spec == want
            }
            (Ok(_), None, None) => true,
            _ => false,
        };
        if ok {
            same += 1
        } else {
            println!(
                "## {}\n  want {:?} {:?}\n  got  {:?}",
                c.id,
                c.api.as_ref().map(|a| &a.message),
                c.stored.is_some(),
                got.map(|w| w.warnings).map_err(|e| e.message)
            );
        }
    }
    println!("{same} of {all}");
}
