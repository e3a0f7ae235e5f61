//! The output of the client programs in the images, as the tutorials use them.

use std::fs;
use std::path::Path;

use super::Story;

fn tutorial(path: &str, set: &'static str) -> Story {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let mut story = Story::begin(&fs::read_to_string(path).expect("a manifest"), set);
    story.pass(120);
    story
}

#[test]
fn zookeeper_answers_as_its_tutorial_says() {
    let mut story = tutorial("src/terminal/console/library/zookeeper.yaml", "zk");
    for (line, want) in [
        ("kubectl exec zk-0 -- cat /var/lib/zookeeper/data/myid", "1"),
        ("kubectl exec zk-2 -- hostname", "zk-2"),
        ("kubectl exec zk-0 -- zkCli.sh create /hello world", "Created /hello"),
        ("kubectl exec zk-1 -- zkCli.sh get /hello", "\nworld\n"),
        ("kubectl exec zk-1 -- zkCli.sh get /hello", "dataLength = 5"),
        ("kubectl exec zk-1 -- zkCli.sh create /hello again", "Node already exists: /hello"),
        ("kubectl exec zk-1 -- zkCli.sh ls /", "ordinal: this zkCli.sh command is not simulated."),
    ] {
        let said = story.say(line);
        assert!(said.contains(want), "{line}: {said}");
    }
    let modes: Vec<String> = (0..3).map(|n| story.say(&format!("kubectl exec zk-{n} -- zkServer.sh status"))).collect();
    assert_eq!(modes.iter().filter(|mode| mode.contains("Mode: leader")).count(), 1, "{modes:?}");
    assert_eq!(modes.iter().filter(|mode| mode.contains("Mode: follower")).count(), 2, "{modes:?}");
    // The tutorial deletes the set and recreates it: what was written is still there.
    story.say("kubectl delete statefulset zk");
    story.pass(60);
    story.say("kubectl apply -f manifest.yaml");
    story.pass(180);
    assert!(story.say("kubectl exec zk-2 -- zkCli.sh get /hello").contains("world"));
}

#[test]
fn a_zookeeper_by_itself_waits_for_nobody() {
    let probe = "readinessProbe: {exec: {command: [zkServer.sh, status]}}";
    let one = format!(
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {{name: zk}}\nspec:\n  selector: {{matchLabels: {{app: zk}}}}\n  serviceName: zk\n  \
         template:\n    metadata: {{labels: {{app: zk}}}}\n    spec: {{containers: [{{name: zk, image: 'zookeeper:3.8', {probe}}}]}}\n"
    );
    let mut story = Story::begin(&one, "zk");
    assert!(story.say("kubectl get pod zk-0").contains("1/1"));
    assert!(story.say("kubectl exec zk-0 -- zkServer.sh status").contains("Mode: standalone"));
    assert!(story.say("kubectl exec zk-0 -- zkCli.sh create /hello world").contains("Created /hello"));
}

#[test]
fn mysql_answers_as_its_tutorial_says() {
    let mut story = tutorial("src/terminal/console/library/mysql.yaml", "mysql");
    story.say(
        "kubectl run mysql-client --image=mysql:5.7 -i --rm --restart=Never -- mysql -h mysql-0.mysql <<EOF\nCREATE DATABASE test;\n\
         CREATE TABLE test.messages (message VARCHAR(250));\nINSERT INTO test.messages VALUES ('hello');\nEOF",
    );
    story.pass(30);
    for (line, want) in [
        ("kubectl exec mysql-2 -c mysql -- mysql -h mysql-read -e 'SELECT * FROM test.messages'", "message\nhello"),
        ("kubectl exec mysql-1 -c mysql -- mysql -h 127.0.0.1 -e 'SELECT 1'", "1\n1"),
        ("kubectl exec mysql-1 -c mysql -- mysql -e 'SELECT @@server_id,NOW()'", "@@server_id\tNOW()\n101\t"),
        ("kubectl exec mysql-1 -c mysql -- mysql -e \"INSERT INTO test.messages VALUES ('x')\"", "ERROR 1290 (HY000)"),
        ("kubectl exec mysql-1 -c mysql -- mysql -h nowhere -e 'SELECT 1'", "ERROR 2005 (HY000): Unknown MySQL server host 'nowhere'"),
        ("kubectl exec mysql-1 -c mysql -- mysql -e 'DROP TABLE test.messages'", "ordinal: the statement"),
        ("kubectl exec mysql-0 -c mysql -- mysql -e \"INSERT INTO test.messages VALUES ('a'), ('b')\"", "ordinal: the statement"),
        ("kubectl exec mysql-0 -c mysql -- mysql -e 'INSERT INTO test.others VALUES (1)'", "Table 'test.others' doesn't exist"),
        ("kubectl exec mysql-2 -c mysql -- mysql -e 'SELECT * FROM others'", "ERROR 1146 (42S02) at line 1: Table 'others' doesn't exist"),
        ("kubectl exec mysql-2 -c mysql -- mysqladmin ping", "mysqld is alive"),
        ("kubectl exec mysql-2 -c mysql -- mysqladmin ping -h127.0.0.1 --silent", "mysqld is alive"),
        ("kubectl exec mysql-2 -c mysql -- mysqladmin ping -h nowhere -uroot --silent", "command terminated with exit code 1"),
        ("kubectl exec mysql-2 -c mysql -- mysqladmin -h nowhere ping", "error: 'Unknown MySQL server host 'nowhere' (-2)'"),
        ("kubectl exec mysql-2 -c mysql -- mysqladmin status", "ordinal: this mysqladmin command is not simulated."),
        ("kubectl exec mysql-2 -c mysql -- redis-cli ping", "executable file not found"),
    ] {
        let said = story.say(line);
        assert!(said.contains(want), "{line}: {said}");
    }
}

#[test]
fn redis_and_etcd_answer_from_what_they_hold() {
    let mut story = super::replicas();
    for (line, want) in [
        ("kubectl exec db-0 -- redis-cli set colour blue", "OK"),
        ("kubectl exec db-2 -- redis-cli get colour", "blue"),
        ("kubectl exec db-2 -- redis-cli set colour red", "READONLY"),
        ("kubectl exec db-2 -- redis-cli -h db-0.db set colour red", "OK"),
        ("kubectl exec db-1 -- redis-cli get colour", "red"),
        ("kubectl exec db-1 -- sh -c 'redis-cli -h $(hostname) get colour'", "red"),
        ("kubectl exec db-0 -- redis-cli set 'a colour' red", "ordinal: a key with spaces, or a value of several lines, is not simulated."),
        ("kubectl exec db-0 -- redis-cli", "ordinal: this redis-cli command is not simulated."),
        ("kubectl exec db-0 -- redis-cli info replication", "connected_slaves:2"),
        ("kubectl exec db-1 -- redis-cli info replication", "master_link_status:up"),
        ("kubectl exec db-1 -- sh -c 'redis-cli role | head -4 | tail -3 | tr \"\\n\" \" \"'", " 6379 connected"),
    ] {
        let said = story.say(line);
        assert!(said.contains(want), "{line}: {said}");
    }
    let node = story.node_of("db-0");
    story.say(&format!("playground cut node {node}"));
    assert!(story.say("kubectl exec db-1 -- redis-cli -h db-0.db get colour").contains("Could not connect"));
    let mut story = super::quorum();
    assert!(story.say("kubectl exec etcd-0 -- etcdctl put colour blue").contains("OK"));
    assert!(story.say("kubectl exec etcd-1 -- etcdctl get colour").contains("colour\nblue"));
    assert!(story.say("kubectl exec etcd-1 -- ps").contains("etcd"));
}

#[test]
fn what_is_fetched_goes_where_it_is_told_to_and_what_is_not_simulated_is_said() {
    let mut story = Story::begin(ordinal::playground::EXAMPLE, "web");
    for (line, want) in [
        ("kubectl exec web-0 -- sh -c 'cd /tmp; curl -s -o page localhost; wc -l page'", "9 page"),
        ("kubectl exec web-0 -- sh -c 'cd /tmp; wget -q localhost/index.html; ls'", "index.html\npage"),
        ("kubectl exec web-0 -- curl -s -o /nowhere/page localhost", "command terminated with exit code 23"),
        ("kubectl exec web-0 -- curl -o /dev/null -w '%{http_code}\\n' localhost", "200"),
        (
            "kubectl exec web-0 -- curl -w '%{time_total}' localhost",
            "ordinal: curl -w %{time_total} is not simulated; only %{http_code} is.",
        ),
        (
            "kubectl exec web-0 -- sh -c \"curl -w '%{time_total}' localhost > /dev/null 2>&1\" 2>/dev/null | grep -c html",
            "ordinal: curl -w %{time_total} is not simulated; only %{http_code} is.\n0",
        ),
        ("kubectl exec web-0 -- df -h", "ordinal: df is not simulated; `kubectl get pvc` outside tells how large volumes are."),
        (
            "kubectl exec web-0 -- sh -c 'kill 29'",
            "ordinal: this use of kill is not simulated, only SIGTERM and SIGKILL to process 1; outside, `playground crash pod NAME` ends that, and \
             `playground freeze pod NAME` makes it hang.",
        ),
        ("kubectl exec web-0 -- sh -c 'find / | head -1; tree'", "ordinal: find is not simulated.\nsh: 1: tree: not found"),
        ("kubectl exec web-0 -- vi", "executable file not found"),
        ("kubectl exec web-0 -- hostname -f", "web-0.nginx.default.svc.cluster.local"),
    ] {
        let said = story.say(line);
        assert!(said.contains(want), "{line}: {said}");
    }
    story.say("kubectl exec -it web-0 -- bash");
    assert_eq!(story.say("cd /tmp; exit 3"), "command terminated with exit code 3");
    assert_eq!(story.say("echo $?"), "3");
}

#[test]
fn a_program_that_an_image_has_is_never_not_found() {
    let mut story = Story::begin(ordinal::playground::EXAMPLE, "web");
    for (image, words, want) in [
        ("nginx", "find /", "find"),
        ("nginx", "nginx -t", "nginx"),
        ("nginx", "getent passwd root", "getent"),
        ("nginx", "psql", ""),
        ("nginx:1.27-alpine", "nslookup web", "nslookup"),
        ("postgres", "psql -U postgres -c 'select 1'", "psql"),
        ("postgres", "pg_dump app", "pg_dump"),
        ("redis", "redis-benchmark -q", "redis-benchmark"),
        ("redis", "vi", ""),
        ("luksa/kubia", "node --version", "node"),
        ("alpine", "apk add curl", "apk"),
        ("alpine", "apt-get update", ""),
        ("busybox", "nc -lp 80", "nc"),
        ("busybox", "curl web", ""),
        ("example.org/anything", "python3 -V", "python3"),
    ] {
        let name = image.replace(['/', '.', ':'], "-");
        story.say(&format!("kubectl run {name} --image={image} -- sleep 9000"));
        story.pass(30);
        let said = story.say(&format!("kubectl exec {name} -- {words}"));
        let want =
            if want.is_empty() { "executable file not found in $PATH".to_owned() } else { format!("ordinal: {want} is not simulated.") };
        assert!(said.contains(&want), "{image}, {words}: {said}");
    }
}

#[test]
fn what_a_container_has_is_found_where_it_is() {
    let mut story = Story::begin(ordinal::playground::EXAMPLE, "web");
    for (image, script, want) in [
        ("nginx", "[ -x /usr/bin/ls ] && [ -x /usr/sbin/nginx ] && echo there; [ -x /usr/bin/ip ] || echo none", "there\nnone"),
        ("busybox", "[ -x /bin/ls ] && [ -x /usr/bin/env ] && echo there; [ -x /bin/bash ] || echo none", "there\nnone"),
        ("alpine", "[ -x /bin/ls ] && [ -x /sbin/ip ] && echo there; [ -x /usr/bin/jq ] || echo none", "there\nnone"),
        ("nginx", "mkdir -p /usr/local/bin; touch /usr/local/bin/own; [ -x /usr/local/bin/own ] && echo there", "there"),
        ("example.org/anything", "[ -x /usr/bin/ls ] && echo there", "there"),
    ] {
        let name = image.replace(['/', '.'], "-");
        if !story.say("kubectl get pods --no-headers").contains(&format!("{name} ")) {
            story.say(&format!("kubectl run {name} --image={image} -- {}", if image == "redis" { "redis-server" } else { "sleep 9000" }));
            story.pass(30);
        }
        let said = story.say(&format!("kubectl exec {name} -- sh -c '{script}'"));
        assert!(said.starts_with(want), "{image}, {script}: {said}");
    }
    assert!(story.say("kubectl exec nginx -- command -v ls").contains("\"command\": executable file not found in $PATH"));
    for (script, want) in [
        ("command -v ls", "ordinal: command -v ls is not simulated here."),
        ("which ls", "ordinal: which ls is not simulated."),
        ("type ls", "ordinal: type ls is not simulated."),
        ("du -sh /tmp", "ordinal: du is not simulated."),
    ] {
        let said = story.say(&format!("kubectl exec nginx -- sh -c '{script}'"));
        assert!(said.starts_with(want), "{script}: {said}");
    }
}

#[test]
fn the_pod_of_the_guide_to_dns_asks_and_apache_answers() {
    let mut story =
        Story::begin("apiVersion: v1\nkind: Pod\nmetadata: {name: apache}\nspec: {containers: [{name: c, image: 'httpd:2.4'}]}\n", "web");
    story.say("kubectl apply -f https://k8s.io/examples/admin/dns/dnsutils.yaml");
    story.pass(30);
    for (line, want) in [
        ("kubectl get pod dnsutils --no-headers", "1/1   Running"),
        ("kubectl exec -i -t dnsutils -- nslookup kubernetes.default", "Name:\tkubernetes.default.svc.cluster.local\nAddress: 10.96.0.1"),
        ("IP=$(kubectl get pod apache -o jsonpath={.status.podIP}); kubectl exec dnsutils -- curl -sLk $IP", "<h1>It works!</h1>"),
        ("kubectl exec dnsutils -- curl -s $IP/none", "<p>The requested URL was not found on this server.</p>"),
        ("kubectl logs apache", "\"GET /none HTTP/1.1\" 404 196"),
        ("kubectl exec dnsutils -- curl -s https://kubernetes.default", "ordinal: https://kubernetes.default cannot be reached from here;"),
        ("kubectl exec dnsutils -- curl --resolve a:80:1.1.1.1 http://a", "ordinal: curl --resolve is not simulated.\n"),
    ] {
        let said = story.say(line);
        assert!(said.contains(want), "{line}: {said}");
    }
}

#[test]
fn processes_run_as_whom_their_pod_names() {
    let mut story = Story::begin(
        "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  securityContext: {runAsUser: 1000, runAsGroup: 3000, fsGroup: 2000}\n\
         \x20 containers:\n  - {name: a, image: busybox, command: [sleep, infinity]}\n\
         \x20 - {name: b, image: busybox, command: [sleep, infinity], securityContext: {runAsUser: 0, runAsGroup: 0}}\n",
        "web",
    );
    story.pass(30);
    for (line, want) in [
        ("kubectl exec p -c a -- id", "uid=1000 gid=3000 groups=3000,2000\n"),
        ("kubectl exec p -c a -- id -G", "3000 2000\n"),
        ("kubectl exec p -c b -- id", "uid=0(root) gid=0(root) groups=0(root),2000\n"),
        ("kubectl exec p -c b -- sh -c '[ \"$(id -u)\" = 0 ] && whoami'", "root\n"),
        ("kubectl exec p -c b -- id -Z", "ordinal: id -Z is not simulated.\n"),
        ("kubectl exec p -c a -- uname -n", "p\n"),
        ("kubectl exec p -c a -- uname -r", "ordinal: uname -r is not simulated.\n"),
    ] {
        let said = story.say(line);
        assert!(said.starts_with(want.trim_end()), "{line}: {said}");
    }
}

#[test]
fn pg_isready_tells_whether_a_postgres_listens() {
    let pod = |name: &str, more: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: {name}, labels: {{app: {name}}}}}\nspec: {{containers: [{{name: c, image: 'postgres:16', \
             env: [{{name: POSTGRES_PASSWORD, value: a}}]{more}}}]}}\n---\napiVersion: v1\nkind: Service\nmetadata: {{name: {name}}}\n\
             spec: {{selector: {{app: {name}}}, ports: [{{port: 5432}}]}}\n---\n"
        )
    };
    let mut story = Story::begin(&[pod("up", ""), pod("idle", ", command: [sleep, infinity]")].concat(), "web");
    for (line, want) in [
        ("kubectl exec up -- pg_isready -U postgres", "/var/run/postgresql:5432 - accepting connections"),
        ("kubectl exec idle -- pg_isready -h up -p 5432", "up:5432 - accepting connections"),
        ("kubectl exec up -- pg_isready -h idle", "idle:5432 - no response\ncommand terminated with exit code 2"),
        ("kubectl exec idle -- pg_isready -q", "command terminated with exit code 2"),
    ] {
        assert_eq!(story.say(line), want, "{line}");
    }
}

#[test]
fn who_waits_for_a_name_or_a_port_waits_until_it_is_there() {
    let mut story = Story::begin(ordinal::playground::EXAMPLE, "web");
    story.pass(60);
    story.say("kubectl run box --image=busybox -- sleep 9000");
    story.say("kubectl run alp --image=alpine -- sleep 9000");
    story.say("kubectl create service clusterip none --tcp=5432");
    story.pass(30);
    let address = story.say("kubectl get service none -o jsonpath={.spec.clusterIP}").trim().to_owned();
    let pod = story.say("kubectl get pod web-0 -o jsonpath={.status.podIP}").trim().to_owned();
    let other = story.say("kubectl get pod web-1 -o jsonpath={.status.podIP}").trim().to_owned();
    let full = "web-0.nginx.default.svc.cluster.local";
    for (at, script, want) in [
        ("box", "nc -z nodb 5432; echo $?", "nc: bad address 'nodb'\n1".to_owned()),
        ("box", "nc -z none 5432; echo $?", "1".to_owned()),
        ("box", "nc -zv -w 2 web-0.nginx 80; echo $?", format!("web-0.nginx ({pod}:80) open\n0")),
        ("box", "nc -z web-0.nginx 81; echo $?", "1".to_owned()),
        ("web-0", "getent hosts nodb; echo $?", "2".to_owned()),
        ("web-0", "getent hosts none; echo $?", format!("{address:<15} none.default.svc.cluster.local\n0")),
        ("web-0", "getent hosts web-0.nginx | cut -d: -f1", format!("{pod:<15} {full}")),
        ("web-0", "getent hosts web-0", format!("{pod:<15} {full} web-0")),
        ("alp", "getent hosts none", format!("{address:<16}  none.default.svc.cluster.local")),
        ("web-0", "getent hosts none nodb; echo $?", format!("{address:<15} none.default.svc.cluster.local\n2")),
        ("web-0", "getent ahostsv4 web-0", format!("{pod:<15} STREAM {full}\n{pod:<15} DGRAM  \n{pod:<15} RAW")),
        ("web-0", "getent ahosts none | head -n 1", format!("{address:<15} STREAM none.default.svc.cluster.local")),
        ("web-0", "getent ahosts nodb; echo $?", "2".to_owned()),
        ("web-0", "getent ahosts 10.9.9.9 | head -n 1", "10.9.9.9        STREAM 10.9.9.9".to_owned()),
        // By its own file, by the server, and by nobody.
        ("web-0", &format!("getent hosts {pod}"), format!("{pod:<15} {full} web-0")),
        ("web-0", &format!("getent hosts {other}"), format!("{other:<15} {full}").replace("web-0", "web-1")),
        ("web-0", "getent hosts 10.9.9.9; echo $?", "2".to_owned()),
    ] {
        let said = story.say(&format!("kubectl exec {at} -- sh -c '{script}'"));
        assert_eq!(said.trim(), want, "{at}: {script}");
    }
}

#[test]
fn a_script_that_only_looks_at_a_port_ends_with_its_container() {
    let mut story = Story::begin(ordinal::playground::EXAMPLE, "web");
    story.say("kubectl run waits --image=busybox --restart=Never -- sh -c 'until nc -z nodb 5432; do sleep 2; done'");
    story.say("kubectl run looks --image=busybox -- sh -c 'nc -z web-0.nginx 80 && echo there; sleep 1; exit 3'");
    story.pass(60);
    let said = story.say("kubectl get pods waits looks --no-headers");
    assert!(said.contains("waits   1/1   Running") && !said.contains("looks   1/1   Running"), "{said}");
}

#[test]
fn a_port_of_every_node_is_refused_where_no_service_has_it() {
    let mut story = Story::begin(ordinal::playground::EXAMPLE, "web");
    let address = story.say("kubectl get node node-1 -o jsonpath='{.status.addresses[0].address}'");
    let curl = |story: &mut Story| story.say(&format!("kubectl exec web-0 -- curl -s http://{address}:30080; echo $?"));
    assert!(curl(&mut story).ends_with('7'));
    story.say("kubectl expose pod web-0 --name=door --type=NodePort --port=80");
    story.say("kubectl patch svc door -p '{\"spec\":{\"ports\":[{\"port\":80,\"nodePort\":30080}]}}'");
    story.pass(5);
    let said = curl(&mut story);
    assert!(said.ends_with('0'), "{said}");
}
