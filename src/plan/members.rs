//! Members that keep data or a place in their own cluster: the end of a pod is not the end of its member.

use std::rc::Rc;

use api::object::{Name, StatefulSet};
use base::image_name::name_and_tag;
use text::plan::Says;

use crate::guess;
use crate::notes::Ends;

/// A program whose members are known to each other until somebody takes one out.
struct Program {
    /// The last words of its images.
    images: &'static [&'static str],
    /// What takes a member out.
    leaves: &'static str,
    /// Words of that, by which a template or a line is known to do so.
    by: &'static [&'static str],
}

const PROGRAMS: [Program; 17] = [
    Program { images: &["cassandra", "scylla", "dse-server"], leaves: "nodetool decommission", by: &["decommission", "removenode"] },
    Program { images: &["etcd"], leaves: "etcdctl member remove ID", by: &["member remove"] },
    Program { images: &["mongo", "mongodb", "mongodb-community-server"], leaves: "rs.remove(\"HOST:PORT\")", by: &["rs.remove"] },
    Program {
        images: &["kafka", "cp-kafka", "cp-server"],
        leaves: "kafka-reassign-partitions.sh",
        by: &["reassign-partitions", "unregister-broker", "remove-controller"],
    },
    Program { images: &["redpanda"], leaves: "rpk redpanda admin brokers decommission ID", by: &["decommission"] },
    Program {
        images: &["elasticsearch", "opensearch"],
        leaves: "PUT _cluster/settings cluster.routing.allocation.exclude._name",
        by: &["allocation.exclude", "voting_config_exclusions"],
    },
    Program { images: &["rabbitmq"], leaves: "rabbitmqctl stop_app, rabbitmqctl reset", by: &["forget_cluster_node", "rabbitmqctl reset"] },
    Program { images: &["consul"], leaves: "consul leave", by: &["consul leave", "leave_on_terminate", "force-leave"] },
    Program { images: &["zookeeper"], leaves: "reconfig -remove ID", by: &["reconfig -remove"] },
    Program { images: &["cockroach"], leaves: "cockroach node decommission ID", by: &["decommission"] },
    Program { images: &["vault", "openbao"], leaves: "vault operator raft remove-peer ID", by: &["remove-peer"] },
    Program { images: &["nats"], leaves: "nats server raft peer-remove NAME", by: &["peer-remove"] },
    Program {
        images: &["tikv", "pd"],
        leaves: "pd-ctl store delete ID / pd-ctl member delete name NAME",
        by: &["store delete", "member delete"],
    },
    Program { images: &["couchdb"], leaves: "DELETE /_node/_local/_nodes/NODE", by: &["_nodes/"] },
    Program { images: &["redis-cluster", "valkey-cluster"], leaves: "redis-cli --cluster del-node HOST:PORT ID", by: &["del-node"] },
    Program {
        images: &["rqlite"],
        leaves: "DELETE /remove",
        by: &["/remove", "cluster-remove-on-shutdown", "raft-cluster-remove-shutdown"],
    },
    Program { images: &["clickhouse-keeper"], leaves: "reconfig remove ID", by: &["reconfig remove"] },
];

/// Names of variables and words of commands by which members of a program that nobody knows look for each other.
const SIGNS: [&str; 8] = ["nodetool", "seeds", "seed_hosts", "seed-hosts", "peers", "--join", "initial-cluster", "initial_cluster"];

impl Ends<'_> {
    /// Members of a set that goes on with fewer, whose places and data nobody has given to others.
    pub(crate) fn stay_members(&self, was: &StatefulSet, set: &StatefulSet) -> Option<Says> {
        let (old, new) = (was.ordinals(), set.ordinals());
        let pods: Vec<Name> = old.rev().filter(|ordinal| !new.contains(ordinal)).map(|ordinal| was.pod_name(ordinal)).collect();
        if pods.is_empty() || set.spec.replicas == 0 {
            return None;
        }
        let settings: String = guess::texts(self.before, was).map(|(_, text)| text.to_ascii_lowercase()).collect();
        let images = || was.spec.template.containers.iter().map(|container| name_and_tag(&container.image).0);
        let does = |by: &[&str]| by.iter().any(|word| settings.contains(word) || self.typed.iter().any(|line| line.contains(word)));
        let (program, leaves) = match PROGRAMS.iter().find(|program| images().any(|image| program.images.contains(&image))) {
            Some(program) if does(program.by) => return None,
            Some(program) => (images().find(|image| program.images.contains(image)).unwrap_or_default().to_owned(), program.leaves),
            None => (self.sign(was)?, ""),
        };
        Some(Says::MemberStays { set: Rc::clone(&set.meta.name), pods, program, leaves })
    }

    /// The word by which members of a program that nobody knows look for each other.
    fn sign(&self, set: &StatefulSet) -> Option<String> {
        let containers = set.spec.template.raw.list_at(&["containers"]);
        let named = |field: &'static str| containers.iter().flat_map(move |one| one.list_at(&[field]));
        let variables = named("env").filter_map(|one| one.text_at(&["name"])).map(str::to_owned);
        let words = named("command").chain(named("args")).filter_map(|one| one.as_text()).map(str::to_owned);
        let hooks = containers.iter().filter_map(|one| one.get("lifecycle")).map(|one| one.to_json());
        let texts: Vec<String> = variables.chain(words).chain(hooks).map(|text| text.to_ascii_lowercase()).collect();
        SIGNS.iter().find(|sign| texts.iter().any(|text| text.contains(*sign))).map(|sign| (*sign).to_owned())
    }
}
