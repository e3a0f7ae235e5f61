//! Start scripts that are mounted or written: what a container serves is what its process has become.
//!
//! Each shape is that of a public chart or manifest, re-typed; where from stands with it.

use super::Story;

/// A start script as it is found in public.
struct Shape {
    /// What is told of it when a pod does not come up.
    name: &'static str,
    /// Where it is found.
    place: &'static str,
    image: &'static str,
    /// The files of a ConfigMap, which is mounted at `/scripts`.
    files: &'static [(&'static str, &'static str)],
    /// The container beside its name, its image and the mounts that each has.
    container: &'static str,
    /// The rest of the pod's spec.
    pod: &'static str,
    /// How `ps` names the first process once it serves.
    first: &'static str,
}

/// The readiness probes of the images.
const PG: &str =
    "readinessProbe: {exec: {command: [pg_isready, -U, postgres]}, periodSeconds: 2}, env: [{name: POSTGRES_PASSWORD, value: x}]";
const REDIS: &str = "readinessProbe: {exec: {command: [redis-cli, ping]}, periodSeconds: 2}";

impl Shape {
    /// Its manifest: the ConfigMap, a Secret with the same files, a Service and a set of this name.
    fn manifest(&self, replicas: u32) -> String {
        let indented = |text: &str| text.lines().map(|line| format!("    {line}\n")).collect::<String>();
        let files: String = self.files.iter().map(|(name, text)| format!("  {name}: |\n{}", indented(text))).collect();
        let data = if files.is_empty() { "{}\n".to_owned() } else { format!("\n{files}") };
        let container = self.container.replace("PG", PG).replace("REDIS", REDIS);
        let mounts = "volumeMounts: [{name: scripts, mountPath: /scripts}, {name: secret, mountPath: /secret}, {name: work, mountPath: /work}, \
                      {name: data, mountPath: /keep}]";
        let pod = self.pod.replace("MOUNTS", mounts);
        format!(
            "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: scripts}}\ndata: {data}---\napiVersion: v1\nkind: Secret\n\
             metadata: {{name: secret}}\nstringData: {data}---\napiVersion: v1\nkind: Service\nmetadata: {{name: app}}\n\
             spec: {{clusterIP: None, selector: {{app: app}}, ports: [{{port: 80}}]}}\n---\napiVersion: apps/v1\nkind: StatefulSet\n\
             metadata: {{name: app}}\nspec:\n  serviceName: app\n  replicas: {replicas}\n  selector: {{matchLabels: {{app: app}}}}\n  template:\n\
             \x20   metadata: {{labels: {{app: app}}}}\n    spec:\n      {pod}\n      containers:\n      - {{name: main, image: '{}', \
             {container}, {mounts}}}\n      volumes: [{{name: scripts, configMap: {{name: scripts, defaultMode: 0755}}}}, \
             {{name: secret, secret: {{secretName: secret}}}}, {{name: work, emptyDir: {{}}}}]\n  volumeClaimTemplates: [{{metadata: {{name: \
             data}}, spec: {{accessModes: [ReadWriteOnce], resources: {{requests: {{storage: 1Gi}}}}}}}}]\n",
            self.image
        )
    }

    fn story(&self, replicas: u32) -> Story {
        Story::begin(&self.manifest(replicas), "app")
    }
}

const SHAPES: [Shape; 16] = [
    Shape {
        name: "`bash FILE` that sources another",
        place: "helm/charts 390ee661, stable/percona-xtradb-cluster",
        image: "postgres:17",
        files: &[
            ("lib.sh", "say() { echo \"$(hostname): $1\"; }"),
            (
                "start.sh",
                "set -e\n. /scripts/lib.sh\nif getent hosts app >/dev/null; then say joins; else say first; fi\nexec docker-entrypoint.sh postgres -c max_connections=50",
            ),
        ],
        container: "command: [/bin/bash, /scripts/start.sh], PG",
        pod: "",
        first: "postgres -c max_connections=50",
    },
    Shape {
        name: "the file is the command",
        place: "helm/charts 390ee661, stable/keycloak",
        image: "redis:8",
        files: &[(
            "start.sh",
            "#!/bin/sh\nset -eu\necho \"dir /data\" > /tmp/redis.conf\nexec /usr/local/bin/docker-entrypoint.sh redis-server /tmp/redis.conf",
        )],
        container: "command: [/scripts/start.sh], REDIS",
        pod: "",
        first: "redis-server /tmp/redis.conf",
    },
    Shape {
        name: "a script of a Secret",
        place: "helm/charts 390ee661, stable/rabbitmq-ha",
        image: "redis:8",
        files: &[("start", "exec redis-server --save ''")],
        container: "command: [sh, /secret/start], REDIS",
        pod: "",
        first: "redis-server --save",
    },
    Shape {
        name: "variables of a sourced file",
        place: "bitnami/charts 008dc481, bitnami/redis",
        image: "postgres:17",
        files: &[("env.sh", "export PGDATA=/keep/pg"), ("start.sh", "#!/bin/bash\n. /scripts/env.sh\nexec docker-entrypoint.sh postgres")],
        container: "command: [/scripts/start.sh], PG",
        pod: "",
        first: "postgres",
    },
    Shape {
        name: "an init container writes the script",
        place: "groundhog2k/helm-charts 1a77f8fb, charts/mongodb",
        image: "redis:8",
        files: &[("run.sh", "#!/bin/sh\nexec docker-entrypoint.sh \"$@\"")],
        container: "command: [/work/run.sh], args: [redis-server, --port, '6379'], REDIS",
        pod: "initContainers: [{name: copy, image: busybox, command: [sh, -c, 'cp /scripts/run.sh /work/run.sh; chmod +x /work/run.sh'], MOUNTS}]",
        first: "redis-server --port 6379",
    },
    Shape {
        name: "an init container writes the configuration",
        place: "kubernetes/website, application/mysql",
        image: "mysql:8",
        files: &[("primary.cnf", "[mysqld]\nlog-bin"), ("replica.cnf", "[mysqld]\nsuper-read-only")],
        container: "env: [{name: MYSQL_ALLOW_EMPTY_PASSWORD, value: '1'}], readinessProbe: {exec: {command: [mysql, -h, 127.0.0.1, -e, SELECT 1]}}",
        pod: "initContainers: [{name: init, image: 'mysql:8', command: [bash, -c, 'set -ex; [[ $HOSTNAME =~ -([0-9]+)$ ]] || exit 1; \
              ordinal=${BASH_REMATCH[1]}; if [[ $ordinal -eq 0 ]]; then cp /scripts/primary.cnf /work/; else cp /scripts/replica.cnf /work/; fi'], MOUNTS}]",
        first: "mysqld",
    },
    Shape {
        name: "`sh -c` runs the file",
        place: "bitnami/charts 008dc481, bitnami/redis",
        image: "redis:8",
        files: &[("start.sh", "#!/bin/sh\necho starts\nexec redis-server /conf/redis.conf")],
        container: "command: [sh, -c, exec /scripts/start.sh], REDIS",
        pod: "",
        first: "redis-server /conf/redis.conf",
    },
    Shape {
        name: "the server is the last line, without exec",
        place: "marcel-dempers/docker-development-youtube-series 9a68c29b, storage/redis",
        image: "redis:8",
        files: &[("start.sh", "#!/bin/sh\necho starts\nredis-server\necho ended\nexit 4")],
        container: "command: [sh, /scripts/start.sh], REDIS",
        pod: "",
        first: "sh /scripts/start.sh",
    },
    Shape {
        name: "the server in the background, and `wait`",
        place: "groundhog2k/helm-charts 1a77f8fb, charts/mongodb, extra-init.sh",
        image: "redis:8",
        files: &[("run.sh", "#!/bin/sh\ndocker-entrypoint.sh \"$@\" &\nwait")],
        container: "command: [/scripts/run.sh], args: [redis-server], REDIS",
        pod: "",
        first: "/scripts/run.sh redis-server",
    },
    Shape {
        name: "probes and hooks are mounted scripts",
        place: "argoproj/argo-cd 37ee0097, manifests/ha/base/redis-ha",
        image: "redis:8",
        files: &[
            ("start.sh", "#!/bin/sh\nexec redis-server"),
            (
                "ready.sh",
                "#!/bin/sh\nanswer=$(timeout 2 redis-cli -h localhost -p 6379 ping)\n[ \"$answer\" = PONG ] || { echo \"ping=$answer\"; exit 1; }\ntest -f /tmp/hooked",
            ),
            ("hook.sh", "#!/bin/sh\ntouch /tmp/hooked"),
        ],
        container: "command: [/scripts/start.sh], lifecycle: {postStart: {exec: {command: [/scripts/hook.sh]}}}, \
                    readinessProbe: {exec: {command: [sh, -c, /scripts/ready.sh]}, periodSeconds: 2}",
        pod: "",
        first: "redis-server",
    },
    Shape {
        name: "the script drops root",
        place: "GmtGongcheng/gmt-zookeeper 978c5105, scripts/entrypoint.sh",
        image: "postgres:17",
        files: &[("start.sh", "#!/bin/bash\nmkdir -p /var/lib/postgresql/data\nexec gosu postgres postgres -D /var/lib/postgresql/data")],
        container: "command: [/scripts/start.sh], PG",
        pod: "",
        first: "postgres -D /var/lib/postgresql/data",
    },
    Shape {
        name: "an init program runs the script",
        place: "kubernetes/examples 279e8e4f, databases/cassandra/image",
        image: "bitnamilegacy/redis:7.2",
        files: &[("start.sh", "#!/bin/sh\nexec setpriv --reuid=redis --clear-groups redis-server")],
        container: "command: [tini, -g, --, /scripts/start.sh], REDIS",
        pod: "",
        first: "redis-server",
    },
    Shape {
        name: "the script is an argument of the image's own program",
        place: "docker-library/docs, postgres, content.md",
        image: "postgres:17",
        files: &[("start.sh", "echo starts\nexec docker-entrypoint.sh postgres")],
        container: "args: [bash, /scripts/start.sh], PG",
        pod: "",
        first: "postgres",
    },
    Shape {
        name: "a server that is started by a script of its own",
        place: "Yolean/kubernetes-kafka 78dfebc, zookeeper/50pzoo.yml",
        image: "zookeeper:3.9",
        files: &[
            (
                "init.sh",
                "#!/bin/bash\nset -ex\nID=$((${HOSTNAME##*-} + 1))\necho $ID > /work/myid\nsed \"s/#id#/$ID/\" /scripts/zoo.cfg > /work/zoo.cfg",
            ),
            ("zoo.cfg", "# id #id#\ndataDir=/work"),
        ],
        container: "command: [sh, -c, 'exec zkServer.sh start-foreground /work/zoo.cfg'], readinessProbe: {tcpSocket: {port: 2181}}",
        pod: "initContainers: [{name: init, image: 'debian:12', command: [/bin/bash, /scripts/init.sh], MOUNTS}]",
        first: "zkServer.sh start-foreground /work/zoo.cfg",
    },
    Shape {
        name: "an inline script that waits",
        place: "kubernetes/website, application/zookeeper",
        image: "redis:8",
        files: &[],
        container: "command: [sh, -c, 'sleep 5; exec redis-server --appendonly yes'], REDIS",
        pod: "",
        first: "redis-server --appendonly yes",
    },
    Shape {
        name: "a script that is not followed to its end",
        place: "bitnami/charts 008dc481, bitnami/redis, start-node.sh",
        image: "bitnamilegacy/redis:7.2",
        files: &[("start-node.sh", "#!/bin/bash\n. /opt/bitnami/scripts/liblog.sh\nARGS=(--port 6379)\nexec redis-server \"${ARGS[@]}\"")],
        container: "command: [/bin/bash], args: [-c, /scripts/start-node.sh], REDIS",
        pod: "",
        first: "redis-server",
    },
];

/// What stands in the columns of readiness, phase and restarts.
fn pods(story: &mut Story) -> Vec<String> {
    let lines = story.say("kubectl get pods --no-headers");
    lines.lines().map(|line| line.split_whitespace().skip(1).take(3).collect::<Vec<_>>().join(" ")).collect()
}

fn first_process(story: &mut Story) -> String {
    let ps = story.say("kubectl exec app-0 -c main -- ps");
    ps.lines().nth(1).and_then(|line| line.split_once("0:00 ")).map_or(String::new(), |(_, name)| name.to_owned())
}

#[test]
fn a_set_comes_up_whatever_shape_its_start_script_has() {
    let mut wrong = Vec::new();
    for shape in &SHAPES {
        let mut story = shape.story(2);
        let (pods, members, first) = (pods(&mut story), story.members().count(), first_process(&mut story));
        println!("{} ({}): {pods:?}, {members} members, {first:?}", shape.name, shape.place);
        if pods != ["1/1 Running 0", "1/1 Running 0"] || members != 2 || first.trim_end() != shape.first {
            wrong.push(format!("{}: {pods:?} {members} {first:?} {}", shape.name, story.say("kubectl logs app-0 -c main")));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_start_script_decides_by_its_ordinal_and_waits_for_the_first() {
    let mut story = Story::begin(include_str!("scripts.yaml"), "pg");
    assert_eq!(pods(&mut story), ["1/1 Running 0"; 3]);
    assert_eq!(story.roles().len(), 3);
    let told: Vec<String> =
        ["pg-0", "pg-1", "pg-2"].iter().map(|pod| story.say(&format!("kubectl exec {pod} -- cat /data/role"))).collect();
    assert_eq!(told, ["I am the primary", "replica of pg-0.pg", "replica of pg-0.pg"]);
    assert!(story.say("kubectl exec pg-0 -- ps").ends_with(" postgres"));
    assert!(story.say("kubectl exec pg-0 -- ls /data").contains("pgdata"), "the database is where the variable says");
}

fn of(image: &'static str, script: &'static str, container: &'static str) -> Story {
    let files: &'static [(&'static str, &'static str)] = Box::leak(Box::new([("start.sh", script)]));
    Shape { name: "", place: "", image, files, container, pod: "", first: "" }.story(1)
}

#[test]
fn the_official_postgres_refuses_root_unless_its_own_program_runs_it() {
    let plain = "command: [bash, /scripts/start.sh], PG";
    let mut story = of("postgres:17", "exec postgres", plain);
    let log = story.say("kubectl logs app-0 --previous");
    assert!(log.starts_with("\"root\" execution of the PostgreSQL server is not permitted."), "{log}");
    assert!(
        pods(&mut story)[0].starts_with("0/1 CrashLoopBackOff") || pods(&mut story)[0].starts_with("0/1 Error"),
        "{:?}",
        pods(&mut story)
    );
    let as_other = "command: [bash, /scripts/start.sh], securityContext: {runAsUser: 999}, PG";
    assert_eq!(pods(&mut of("postgres:17", "exec postgres", as_other)), ["1/1 Running 0"]);
    assert_eq!(pods(&mut of("redis:8", "exec redis-server", "command: [bash, /scripts/start.sh], REDIS")), ["1/1 Running 0"]);
    // The image's own program wants a password, whoever calls it.
    let without = "command: [bash, /scripts/start.sh]";
    let log = of("postgres:17", "exec docker-entrypoint.sh postgres", without).say("kubectl logs app-0 --previous");
    assert!(log.contains("superuser password is not specified"), "{log}");
}

#[test]
fn a_script_that_stays_above_its_server_keeps_sigterm_from_it() {
    let container = "command: [sh, /scripts/start.sh], REDIS";
    for (script, stays) in [
        ("exec redis-server", false),
        ("redis-server", true),
        ("redis-server &\nwait", true),
        ("trap 'exit 0' TERM\nredis-server &\nwait", false),
    ] {
        let mut story = of("redis:8", script, container);
        story.say("kubectl delete pod app-0 --wait=false");
        story.pass(15);
        let is_there = story.say("kubectl get pod app-0 --no-headers").contains("Terminating");
        assert_eq!(is_there, stays, "{script}");
        story.pass(60);
        assert_eq!(pods(&mut story), ["1/1 Running 0"], "{script}");
    }
}

#[test]
fn a_probe_that_is_a_mounted_script_fails_until_what_it_asks_for_is_there() {
    let script = "answer=$(redis-cli ping)\n[ \"$answer\" = PONG ] || exit 1\ntest -f /keep/open";
    let container = "args: [redis-server], readinessProbe: {exec: {command: [sh, -c, /scripts/start.sh]}, periodSeconds: 2}";
    let mut story = of("redis:8", script, container);
    assert_eq!(pods(&mut story), ["0/1 Running 0"]);
    story.say("kubectl exec app-0 -- touch /keep/open");
    story.pass(5);
    assert_eq!(pods(&mut story), ["1/1 Running 0"]);
}

#[test]
fn a_client_that_finds_nobody_beside_what_is_not_followed_is_taken_to_find_it() {
    let beyond = ". /opt/team/lib.sh\nteam_run --with \"${ARGS[@]}\"";
    let probe = |client: &str| -> &'static str {
        let probe = format!("command: [bash, /scripts/start.sh], readinessProbe: {{exec: {{command: [{client}]}}, periodSeconds: 2}}");
        Box::leak(probe.into_boxed_str())
    };
    for (image, client) in [("redis:8", "redis-cli, ping"), ("mongo:8.0", "mongosh, --quiet, --eval, \"db.adminCommand('ping')\"")] {
        let mut story = of(image, beyond, probe(client));
        assert_eq!(pods(&mut story), ["1/1 Running 0"], "{image}: {}", story.say("kubectl describe pod app-0"));
    }
}

#[test]
fn a_server_answers_and_tells_on_the_port_that_it_is_told() {
    let probe = "readinessProbe: {tcpSocket: {port: 7000}, periodSeconds: 2}";
    let container = |args: &str| -> &'static str { Box::leak(format!("args: [redis-server, {args}], {probe}").into_boxed_str()) };
    assert_eq!(pods(&mut of("redis:8", "", container("--port, '7000'"))), ["1/1 Running 0"]);
    assert_eq!(pods(&mut of("redis:8", "", container("--appendonly, 'no'"))), ["0/1 Running 0"]);
}

#[test]
fn a_script_in_the_place_of_the_entrypoint_is_run() {
    let script = "#!/bin/sh\ntest -n \"$TEAM\" || { echo 'TEAM is not set' >&2; exit 3; }\nexec \"$@\"";
    let mount = "{name: scripts, mountPath: /usr/local/bin/docker-entrypoint.sh, subPath: start.sh}";
    let container = |more: &str| -> &'static str {
        let text = format!("command: [/usr/local/bin/docker-entrypoint.sh], args: [redis-server], REDIS{more}");
        Box::leak(text.into_boxed_str())
    };
    let begin = |container: &'static str| {
        let files: &'static [(&'static str, &'static str)] = Box::leak(Box::new([("start.sh", script)]));
        let shape = Shape { name: "", place: "", image: "redis:8", files, container, pod: "", first: "" };
        Story::begin(&shape.manifest(1).replace("{name: scripts, mountPath: /scripts}", mount), "app")
    };
    let mut story = begin(container(", env: [{name: TEAM, value: ''}]"));
    assert_eq!(story.say("kubectl logs app-0 --previous"), "TEAM is not set");
    assert!(pods(&mut story)[0].starts_with("0/1"), "{:?}", pods(&mut story));
    assert_eq!(pods(&mut begin(container(", env: [{name: TEAM, value: a}]"))), ["1/1 Running 0"]);
}

#[test]
fn what_is_not_followed_is_not_told_as_a_probe_that_fails() {
    let container = "command: [bash, /scripts/start.sh], REDIS";
    let mut story = of("redis:8", "/opt/team/start --server redis", container);
    assert_eq!(pods(&mut story), ["1/1 Running 0"], "a program that is not simulated may be the server");
    let mut story = of("redis:8", "ARGS=(--port 6379)\nexec redis-server \"${ARGS[@]}\"", container);
    assert_eq!(pods(&mut story), ["1/1 Running 0"]);
    let log = story.say("kubectl logs app-0 -c main");
    assert!(log.ends_with("ordinal: the script is taken as finished."), "{log}");
}

#[test]
fn a_file_is_run_by_what_its_first_line_names() {
    let ends = |image, script, command: &'static str| {
        let mut story = of(image, script, command);
        (story.say("kubectl logs app-0 --previous"), pods(&mut story)[0].starts_with("0/1"))
    };
    let of_itself = "command: [/scripts/start.sh]";
    assert_eq!(ends("redis:8", "exec redis-server", of_itself), ("exec /scripts/start.sh: exec format error".to_owned(), true));
    let by_shell = "command: [sh, -c, /scripts/start.sh], REDIS";
    assert_eq!(pods(&mut of("redis:8", "exec redis-server", by_shell)), ["1/1 Running 0"], "a shell runs what the kernel does not");
    let said = ends("redis:8-alpine", "#!/bin/bash\nexec redis-server", by_shell).0;
    assert_eq!(said, "sh: /scripts/start.sh: not found");
}
