//! What images contain: a table by name of what they serve, which tools they have, and what they print on start.
//!
//! Promises: an image that is not in the table has the tools of a small Debian; what it serves is unknown, see `listening`.

use super::version::is_before;
use api::object::Name;
use base::image_name::name_and_tag;

/// A server of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Web {
    Nginx,
    /// Apache's httpd
    Apache,
}

/// What an image answers over HTTP.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Serves {
    Nothing,
    /// The files of a directory, with `index.html` for the directory itself.
    Files(Web, &'static str),
    /// A text in which `{}` is the hostname.
    Greeting(&'static str),
    /// Something that is not simulated, at paths with one of these prefixes.
    Paths(&'static [&'static str]),
    /// kubia-pet of the book: GET returns what is stored in the file, POST stores it.
    Pet(&'static str),
}

/// An image's family of command-line tools.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// busybox: its own `wget` and `nslookup`, only `sh`.
    Busybox,
    /// Debian: `bash`, `curl`.
    Debian,
    /// Debian with BIND's tools.
    WithBind,
    /// Nothing but its own program.
    Bare,
}

/// How the processes of an image work together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peers {
    /// Each works alone.
    None,
    /// Ordinal 0 accepts writes, and the others replicate it, if their manifest sets that up.
    Primary {
        /// Whether a replica that has diverged discards its data, as in Redis; otherwise replication stops, as in MySQL.
        starts_anew: bool,
    },
    /// A majority elects a leader, and a write is acknowledged once a majority has it.
    Quorum,
}

/// Whose words a server has for what it prints once it has started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    /// Nothing is known of that.
    None,
    Redis,
    Postgres,
    MySql,
    MariaDb,
    Mongo,
}

/// What an image's own program, or its server, checks before it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refuses {
    /// Nothing that is known.
    Nothing,
    /// A database without one of the variables for a password.
    MySql,
    /// The same, with variables of its own.
    MariaDb,
    /// The same, with variables of its own, and root.
    Postgres,
    /// A name without a password, or a password without a name.
    Mongo,
    /// Variables that it no longer takes.
    Rabbit,
    /// Root.
    Cassandra,
    /// The variable that it no longer takes.
    Kafka,
    /// A server without what its tokens need.
    Nacos,
}

/// A client program of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// Succeeds if a member is running.
    Ready,
    /// `zkServer.sh`
    ZkServer,
    /// `zkCli.sh`
    ZkCli,
    /// `mysqladmin`
    MySqlAdmin,
    /// `mysql`
    MySql,
    /// `pg_isready`
    PgIsReady,
    /// `redis-cli`
    Redis,
    /// `etcdctl`
    Etcd,
    /// `consul`
    Consul,
    /// `mongosh`
    Mongo,
}

/// An image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a column of the table")]
pub struct App {
    /// The last part of its name.
    pub name: &'static str,
    pub serves: Serves,
    pub port: i64,
    /// The option by which its server is told another port; empty if none is known.
    port_option: &'static str,
    /// Additional ports it listens on, without HTTP.
    pub also: &'static [i64],
    /// Of the paths that it answers, those whose answer is an error while it knows no leader.
    pub led: &'static [&'static str],
    /// Whether it answers gRPC health checks.
    pub speaks_grpc: bool,
    /// Its tools.
    pub family: Family,
    /// Whether those of its images that are built on Alpine bring bash, because their own scripts are written for it.
    pub(super) bash_on_alpine: bool,
    /// What it prints on start.
    pub banner: &'static str,
    /// What its server prints when it begins.
    pub(super) speech: Speech,
    /// What is checked before that.
    pub(super) refuses: Refuses,
    /// Its own directory, which always exists; a replicated application keeps its data there.
    pub folder: &'static str,
    /// The file in that directory that holds the ordinal, counted from 1; empty for none.
    pub numbered: &'static str,
    /// How its processes work together.
    pub peers: Peers,
    /// Words in a command by which it runs the server rather than one of the image's tools.
    servers: &'static [&'static str],
    /// The words after the first of those with which it serves, where that program does other things as well; empty if it does not.
    serving: &'static [&'static str],
    /// Whether there is more to it than this row says: programs of its own, and settings that change on which ports it answers.
    pub(super) has_more: bool,
    /// Whether its members find one another, which is not simulated: each works alone here.
    pub(crate) clustering_not_simulated: bool,
    /// The exit code with which it ends on SIGTERM; `None` if it has no handler for that, so that it stays where it is the first process.
    pub on_term: Option<i64>,
    /// Its command in `ps` if the container has none.
    pub process: &'static str,
    /// Its client programs, by name.
    clients: &'static [(&'static str, Client)],
    /// Further programs of its own, which are not simulated.
    pub(super) tools: &'static str,
}

const PAGES: &str = "/usr/share/nginx/html";
/// The command of the book's images.
const NODE: &str = "node app.js";
/// The exit code of a JVM that was told to terminate.
const JVM: Option<i64> = Some(143);
/// That of Go's runtime as the first process, where the program has no handler: its own signal does not end it. runtime/signal_unix.go
/// dieFromSignal.
const GO: Option<i64> = Some(2);
const NODE_TOOLS: &str = "node nodejs npm npx yarn python git gcc make openssl ssh top free uptime vmstat pgrep pkill";

const fn app(name: &'static str, serves: Serves, port: i64, family: Family) -> App {
    App {
        name,
        serves,
        port,
        port_option: "",
        also: &[],
        led: &[],
        speaks_grpc: false,
        family,
        bash_on_alpine: false,
        banner: "",
        speech: Speech::None,
        refuses: Refuses::Nothing,
        folder: "/tmp",
        numbered: "",
        peers: Peers::None,
        servers: &[],
        serving: &[],
        has_more: false,
        clustering_not_simulated: false,
        on_term: Some(0),
        process: "sh",
        clients: &[],
        tools: "",
    }
}

/// An application with a data directory; the first of its `servers` runs by default.
const fn store(name: &'static str, port: i64, folder: &'static str, peers: Peers, servers: &'static [&'static str]) -> App {
    App { folder, peers, servers, process: servers[0], ..app(name, Serves::Nothing, port, Family::Debian) }
}

/// One of which only what most manifests ask for is known.
const fn partly(app: App) -> App {
    App { has_more: true, ..app }
}

/// Kafka, as Apache, Confluent and others build it.
const KAFKA: App = App {
    also: &[9093, 9094],
    clustering_not_simulated: true,
    on_term: JVM,
    ..partly(store("kafka", 9092, "/var/lib/kafka/data", Peers::None, &["kafka-server-start.sh", "run", "docker-entrypoint.sh"]))
};

const NGINX: App = App {
    folder: PAGES,
    banner: "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration\n\
             /docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/\n\
             /docker-entrypoint.sh: Configuration complete; ready for start up\n",
    process: "nginx: master process nginx -g daemon off;",
    servers: &["nginx", "nginx-debug", "docker-entrypoint.sh"],
    tools: "nginx nginx-debug envsubst openssl",
    ..app("nginx", Serves::Files(Web::Nginx, PAGES), 80, Family::Debian)
};

const PET: App = App {
    folder: "/var/data",
    banner: "Server starting...\n",
    process: NODE,
    tools: NODE_TOOLS,
    ..app("kubia-pet", Serves::Pet("/var/data/kubia.txt"), 8080, Family::Debian)
};

const COPIES: Peers = Peers::Primary { starts_anew: false };

const MYSQL: App = App {
    port_option: "--port",
    speech: Speech::MySql,
    refuses: Refuses::MySql,
    clients: &[("mysqladmin", Client::MySqlAdmin), ("mysql", Client::MySql), ("mariadb", Client::MySql)],
    tools: "mysqld mysqld_safe mysqldump mysqlimport mysqlshow mysqlsh mysql_config_editor mysql_upgrade mysqlbinlog mysqlcheck mysqlslap \
            mysql_install_db mysql_secure_installation mysql_ssl_rsa_setup mysql_tzinfo_to_sql mysqlpump my_print_defaults \
            mariadbd mariadbd-safe mariadb-dump mariadb-admin mariadb-backup mariadb-binlog mariadb-check mariadb-install-db \
            mariadb-upgrade mariabackup healthcheck.sh microdnf rpm gosu openssl",
    ..store("mysql", 3306, "/var/lib/mysql", COPIES, &["mysqld", "docker-entrypoint.sh"])
};

const REDIS: App = App {
    port_option: "--port",
    speech: Speech::Redis,
    clients: &[("redis-cli", Client::Redis), ("valkey-cli", Client::Redis)],
    tools: "redis-server redis-benchmark redis-sentinel redis-check-aof redis-check-rdb valkey-server valkey-benchmark valkey-sentinel \
            valkey-check-aof valkey-check-rdb gosu",
    ..store("redis", 6379, "/data", Peers::Primary { starts_anew: true }, &["redis-server", "docker-entrypoint.sh"])
};

/// ZooKeeper's own programs.
macro_rules! zookeeper_tools {
    () => {
        "java nc zkEnv.sh zkCleanup.sh zkOk.sh zkMetrics.sh zkGenConfig.sh start-zookeeper"
    };
}

const ZOOKEEPER: App = App {
    numbered: "myid",
    on_term: JVM,
    also: &[2888, 3888, 8080],
    serving: &["start", "start-foreground"],
    clients: &[("zkServer.sh", Client::ZkServer), ("zkCli.sh", Client::ZkCli), ("zookeeper-ready", Client::Ready)],
    tools: zookeeper_tools!(),
    ..store("zookeeper", 2181, "/data", Peers::Quorum, &["zkServer.sh", "start-zookeeper"])
};

/// The same, and those of the Ubuntu below.
const KUBERNETES_ZOOKEEPER_TOOLS: &str = concat!(zookeeper_tools!(), " pgrep pkill top free uptime vmstat");

const APPS: &[App] = &[
    MYSQL,
    App { name: "mariadb", speech: Speech::MariaDb, refuses: Refuses::MariaDb, ..MYSQL },
    App {
        speech: Speech::Postgres,
        refuses: Refuses::Postgres,
        tools: "postgres psql pg_ctl pg_dump pg_dumpall pg_restore pg_basebackup pg_controldata pg_rewind pgbench initdb createdb \
                createuser dropdb dropuser vacuumdb reindexdb clusterdb pg_archivecleanup pg_checksums pg_receivewal pg_recvlogical \
                pg_resetwal pg_upgrade pg_verifybackup pg_waldump docker-ensure-initdb.sh docker-enforce-initdb.sh gosu openssl",
        clients: &[("pg_isready", Client::PgIsReady)],
        bash_on_alpine: true,
        ..store("postgres", 5432, "/var/lib/postgresql/data", COPIES, &["postgres", "docker-entrypoint.sh"])
    },
    REDIS,
    App { name: "valkey", process: "valkey-server", servers: &["valkey-server", "redis-server", "docker-entrypoint.sh"], ..REDIS },
    ZOOKEEPER,
    App { name: "kubernetes-zookeeper", folder: "/var/lib/zookeeper/data", tools: KUBERNETES_ZOOKEEPER_TOOLS, ..ZOOKEEPER },
    App {
        serves: Serves::Paths(&["/health", "/livez", "/readyz", "/metrics", "/version"]),
        also: &[2380],
        // server/etcdserver/api/etcdhttp/health.go checkLeader, checkAPI with a linearizable read
        led: &["/health", "/readyz"],
        speaks_grpc: true,
        clients: &[("etcdctl", Client::Etcd)],
        tools: "etcd etcdutl",
        ..store("etcd", 2379, "/var/lib/etcd", Peers::Quorum, &["etcd"])
    },
    App {
        serves: Serves::Paths(&["/v1/", "/ui/"]),
        also: &[8300, 8301, 8302, 8502, 8600],
        // A server does not leave its cluster on SIGTERM, and says so by its exit code. command/agent/agent.go.
        on_term: Some(1),
        serving: &["agent"],
        clients: &[("consul", Client::Consul)],
        tools: "consul nc jq dumb-init su-exec ip ping vi",
        ..store("consul", 8500, "/consul/data", Peers::Quorum, &["consul", "agent", "docker-entrypoint.sh"])
    },
    NGINX,
    App { name: "nginx-slim", banner: "", family: Family::WithBind, ..NGINX },
    App { name: "nginx-unprivileged", port: 8080, ..NGINX },
    PET,
    App { name: "kubia-pet-peers", family: Family::WithBind, ..PET },
    App { process: NODE, tools: NODE_TOOLS, ..app("kubia", Serves::Greeting("You've hit {}\n"), 8080, Family::Debian) },
    App { on_term: GO, ..app("go-myweb", Serves::Greeting("Hello World!\n{}\n"), 8080, Family::Busybox) },
    App { on_term: GO, ..app("hostnames", Serves::Greeting("{}\n"), 9376, Family::Busybox) },
    App { on_term: GO, ..app("serve_hostname", Serves::Greeting("{}\n"), 9376, Family::Busybox) },
    App {
        folder: "/usr/local/apache2/htdocs",
        process: "httpd -DFOREGROUND",
        servers: &["httpd", "httpd-foreground"],
        tools: "httpd apachectl ab htpasswd htdigest rotatelogs",
        ..app("httpd", Serves::Files(Web::Apache, "/usr/local/apache2/htdocs"), 80, Family::Debian)
    },
    app("busybox", Serves::Nothing, 0, Family::Busybox),
    App { tools: "apk getent iconv ldd", ..app("alpine", Serves::Nothing, 0, Family::Busybox) },
    app("dnsutils", Serves::Nothing, 0, Family::WithBind),
    app("jessie-dnsutils", Serves::Nothing, 0, Family::WithBind),
    App {
        tools: "apk drill ethtool fping httpie ifconfig ip iperf iperf3 iptables less mtr nc netcat netstat nft ngrep nmap nping openssl ping \
                socat speedtest-cli ss strace tcpdump telnet termshark traceroute tshark vi vim zsh git jq lsof oha pip3 python3 rsync scapy swaks \
                tc websocat bird bridge conntrack ctop dhcping file fortio grpcurl iptraf-ng ipvsadm trippy calicoctl",
        ..app("netshoot", Serves::Nothing, 0, Family::WithBind)
    },
    app("tutum-dnsutils", Serves::Nothing, 0, Family::WithBind),
    App { servers: &["agnhost"], process: "agnhost", ..app("agnhost", Serves::Nothing, 0, Family::WithBind) },
    App {
        clustering_not_simulated: true,
        port_option: "--port",
        speech: Speech::Mongo,
        refuses: Refuses::Mongo,
        clients: &[("mongosh", Client::Mongo)],
        ..partly(store("mongo", 27017, "/data/db", Peers::None, &["mongod", "mongos", "docker-entrypoint.sh"]))
    },
    App {
        // What the management plugin and that for Prometheus answer is not simulated.
        also: &[4369, 25672, 15672, 15692],
        refuses: Refuses::Rabbit,
        clustering_not_simulated: true,
        ..partly(store("rabbitmq", 5672, "/var/lib/rabbitmq", Peers::None, &["rabbitmq-server", "docker-entrypoint.sh"]))
    },
    App {
        also: &[7000, 7199],
        refuses: Refuses::Cassandra,
        clustering_not_simulated: true,
        on_term: JVM,
        // The last one is that of Kubernetes' own examples.
        ..partly(store("cassandra", 9042, "/var/lib/cassandra", Peers::None, &["cassandra", "docker-entrypoint.sh", "run.sh"]))
    },
    App {
        serves: Serves::Paths(&["/"]),
        also: &[26257],
        clustering_not_simulated: true,
        serving: &["start", "start-single-node"],
        ..partly(store("cockroach", 8080, "/cockroach/cockroach-data", Peers::None, &["cockroach", "cockroach.sh"]))
    },
    KAFKA,
    App { name: "cp-kafka", refuses: Refuses::Kafka, ..KAFKA },
    App {
        // Its server is whatever answers on the port of the tutorial; ncat has no handler for SIGTERM.
        on_term: None,
        ..partly(store("xtrabackup", 3307, "/var/lib/mysql", Peers::None, &["ncat"]))
    },
    App {
        family: Family::Busybox,
        serves: Serves::Paths(&["/"]),
        also: &[10901, 19291],
        serving: &["compact", "query", "query-frontend", "receive", "rule", "sidecar", "store"],
        ..partly(store("thanos", 10902, "/data", Peers::None, &["thanos"]))
    },
    App {
        family: Family::Bare,
        serves: Serves::Paths(&["/"]),
        also: &[9095, 7946],
        clustering_not_simulated: true,
        ..partly(store("tempo", 3200, "/var/tempo", Peers::None, &["tempo"]))
    },
    App { family: Family::Bare, serving: &["manager"], ..partly(store("eck-operator", 9443, "/tmp", Peers::None, &["elastic-operator"])) },
    App {
        serves: Serves::Paths(&["/nacos"]),
        also: &[8080, 9848, 9849, 7848],
        refuses: Refuses::Nacos,
        clustering_not_simulated: true,
        on_term: JVM,
        ..partly(store("nacos-server", 8848, "/home/nacos", Peers::None, &["docker-startup.sh"]))
    },
    app("dnstools", Serves::Nothing, 0, Family::WithBind),
    app("tiny-tools", Serves::Nothing, 0, Family::WithBind),
];

/// An image that is not in the table.
pub(super) const OTHER: App = app("", Serves::Nothing, 0, Family::Debian);
/// A container without a listening server.
pub(super) const NOTHING: App = app("sh", Serves::Nothing, 0, Family::Debian);

/// The program of an image that checks what it is given and then runs it.
const ENTRYPOINT: &str = "docker-entrypoint.sh";
/// Programs that run what they are given as somebody else. That is their first word, or the value of an option.
const AS_ANOTHER: [&str; 4] = ["gosu", "runuser", "setpriv", "su-exec"];
/// Programs that run what they are given as it is.
const AS_IT_IS: [&str; 3] = ["catatonit", "dumb-init", "tini"];
/// Options with which a server tells or prepares something, and ends.
const BRIEF: [&str; 9] = ["--version", "--help", "-V", "-?", "-C", "--initialize", "--initialize-insecure", "--bootstrap", "--check"];

/// The server of an image, as a command runs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    /// From its own name on.
    pub words: Vec<String>,
    /// Whether the image's own program runs it, which prepares it.
    pub by_entrypoint: bool,
    /// Whether it runs as somebody else than who runs the command.
    pub as_another: bool,
    /// Whether it is only taken to run, because what would run it is not followed.
    pub is_supposed: bool,
}

/// What a program passes on that runs nothing of its own.
pub(super) struct Passed {
    pub words: Vec<String>,
    /// Whether it is the image's own program, which prepares its server.
    by_entrypoint: bool,
    /// Whether it runs that as somebody else.
    as_another: bool,
}

/// What a program that only passes on what it is given runs; `None` for any other.
pub(super) fn passed_on(words: &[String]) -> Option<Passed> {
    let name = words.first()?.rsplit('/').next().unwrap_or_default();
    let (by_entrypoint, as_another) = (name == ENTRYPOINT, AS_ANOTHER.contains(&name));
    let mut rest = &words[1..];
    match name {
        "gosu" | "su-exec" => rest = rest.get(1..)?,
        ENTRYPOINT => {}
        _ if as_another || AS_IT_IS.contains(&name) => {
            while let [option, after @ ..] = rest
                && option.starts_with('-')
            {
                rest = if matches!(option.as_str(), "-u" | "-g") { after.get(1..)? } else { after };
            }
        }
        _ => return None,
    }
    (!rest.is_empty()).then(|| Passed { words: rest.to_vec(), by_entrypoint, as_another })
}

impl App {
    /// The image's server, if a program run with these words is that, or ends by running it. What a container declares as its arguments
    /// is given to the image's own program (`by_entrypoint`).
    pub(super) fn reached(&self, words: &[String], mut by_entrypoint: bool) -> Option<Reached> {
        let (mut rest, mut as_another) = (words.to_vec(), false);
        while let Some(passed) = passed_on(&rest) {
            by_entrypoint |= passed.by_entrypoint;
            as_another |= passed.as_another;
            rest = passed.words;
        }
        let name = rest.first().map(|word| word.rsplit('/').next().unwrap_or_default().to_owned());
        let own = (*self.servers.first()?).to_owned();
        let words = match name.as_deref() {
            None if by_entrypoint => vec![own],
            Some(option) if by_entrypoint && option.starts_with('-') => [&[own], &*rest].concat(),
            Some(word) if by_entrypoint && self.serving.contains(&word) => [&[own], &*rest].concat(),
            Some(name) if self.servers.contains(&name) && name != ENTRYPOINT => {
                let asks = name == own && !self.serving.is_empty();
                let serves = !asks || rest.get(1).is_some_and(|word| self.serving.contains(&word.as_str()));
                serves.then_some(rest)?
            }
            _ => return None,
        };
        let is_brief = words[1..].iter().any(|word| BRIEF.contains(&word.as_str()));
        (!is_brief).then_some(Reached { words, by_entrypoint, as_another, is_supposed: false })
    }

    /// The image's server, where something that is not followed is taken to run it.
    pub(super) fn supposed(&self) -> Option<Reached> {
        self.reached(&[], true).map(|server| Reached { is_supposed: true, ..server })
    }

    /// Whether a word is the name of its server. What a script does that is not simulated is only known by its words.
    pub(super) fn is_named(&self, word: &str) -> bool {
        self.servers.contains(&word.rsplit('/').next().unwrap_or_default())
    }

    /// Whether it is the first process of a container with this command.
    pub(crate) fn is_first(&self, command: &[Name]) -> bool {
        let mut words = command.iter().flat_map(|word| word.split_whitespace()).map(|word| word.rsplit('/').next().unwrap_or_default());
        command.first().is_none_or(|first| first.starts_with('-')) || words.any(|word| self.is_server(word))
    }

    /// Whether a program run by a container's own process is this server, or an option of it.
    pub(super) fn is_run_by(&self, program: &str) -> bool {
        let name = program.rsplit('/').next().unwrap_or_default();
        !self.name.is_empty() && (program.starts_with('-') || self.is_server(name))
    }

    /// Whether this is the name of its server's program.
    pub(crate) fn is_server(&self, name: &str) -> bool {
        self.servers.contains(&name) || self.process.split_whitespace().next() == Some(name)
    }

    /// The words that start its server as its image does; `None` if a script has none for that.
    pub fn started_by(&self) -> Option<String> {
        let by_entrypoint = if self.servers.contains(&ENTRYPOINT) { format!("{ENTRYPOINT} ") } else { String::new() };
        let serves = self.serving.last().map_or(String::new(), |word| format!(" {word}"));
        (self.process != "sh" && !self.process.contains(':')).then(|| format!("{by_entrypoint}{}{serves}", self.process))
    }

    /// Whether it serves if its container has no command of its own.
    pub fn has_server(&self) -> bool {
        self.serves != Serves::Nothing || !self.servers.is_empty()
    }

    /// Whether its command is given to a program of its own that may run anything, rather than run as it is.
    pub(super) fn has_entrypoint(&self) -> bool {
        let answers = matches!(self.serves, Serves::Greeting(_) | Serves::Pet(_));
        answers || !self.is_simple() || self.servers.iter().any(|server| matches!(*server, "docker-entrypoint.sh" | "agnhost"))
    }

    /// Whether there is no more to it than its row says, and each of its processes works alone.
    pub(super) fn is_simple(&self) -> bool {
        self.peers == Peers::None && !self.has_more
    }

    /// The port on which its server answers first when these words run it: the one that it is told, or its own.
    pub(super) fn port_of(&self, server: &Reached) -> i64 {
        let told = |(at, word): (usize, &String)| match word.strip_prefix(self.port_option)? {
            "" => server.words.get(at + 1)?.parse().ok(),
            value => value.strip_prefix('=')?.parse().ok(),
        };
        let mut words = server.words.iter().enumerate().filter(|_| !self.port_option.is_empty());
        words.find_map(told).unwrap_or(self.port)
    }

    /// Whether the image has a client program.
    pub(super) fn has(&self, client: Client) -> bool {
        self.clients.iter().any(|(_, known)| *known == client)
    }

    /// The image's client program with this name.
    pub fn client(&self, program: &str) -> Option<Client> {
        self.clients.iter().find(|(name, _)| *name == program).map(|(_, client)| *client)
    }
}

/// What an image contains.
pub fn app_of(image: &str) -> &'static App {
    let (name, _) = name_and_tag(image);
    APPS.iter().find(|app| app.name == name).unwrap_or(&OTHER)
}

/// Whether a program is unknown.
pub(super) fn is_other(app: &App) -> bool {
    app.name.is_empty()
}

/// Whether an image that is called like one of the table has other programs at other places.
pub(super) fn is_built_otherwise(image: &str) -> bool {
    image.contains("bitnami")
}

/// Whether an image is busybox up to 1.28, whose `nslookup` has its own output format.
pub fn is_old_busybox(image: &str) -> bool {
    /// The first version with the new format.
    const NEW: (u32, u32) = (1, 29);
    name_and_tag(image).0 == "busybox" && is_before(image, NEW.0, NEW.1)
}
