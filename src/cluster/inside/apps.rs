//! What images contain: a table by name of what they serve, which tools they have, and what they print on start.
//!
//! Promises: an image that is not in the table has the tools of a small Debian; what it serves is unknown, see `listening`.

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

/// A client program of a replicated application.
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
}

/// An image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct App {
    /// The last part of its name.
    pub name: &'static str,
    pub serves: Serves,
    pub port: i64,
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
    /// Its own directory, which always exists; a replicated application keeps its data there.
    pub folder: &'static str,
    /// The file in that directory that holds the ordinal, counted from 1; empty for none.
    pub numbered: &'static str,
    /// How its processes work together.
    pub peers: Peers,
    /// Words in a command by which it runs the server rather than one of the image's tools.
    servers: &'static [&'static str],
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
        also: &[],
        led: &[],
        speaks_grpc: false,
        family,
        bash_on_alpine: false,
        banner: "",
        folder: "/tmp",
        numbered: "",
        peers: Peers::None,
        servers: &[],
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
    clients: &[("mysqladmin", Client::MySqlAdmin), ("mysql", Client::MySql), ("mariadb", Client::MySql)],
    tools: "mysqld mysqld_safe mysqldump mysqlimport mysqlshow mysqlsh mysql_config_editor mysql_upgrade mysqlbinlog mysqlcheck mysqlslap \
            mysql_install_db mysql_secure_installation mysql_ssl_rsa_setup mysql_tzinfo_to_sql mysqlpump my_print_defaults \
            mariadbd mariadbd-safe mariadb-dump mariadb-admin mariadb-backup mariadb-binlog mariadb-check mariadb-install-db \
            mariadb-upgrade mariabackup healthcheck.sh microdnf rpm gosu openssl",
    ..store("mysql", 3306, "/var/lib/mysql", COPIES, &["mysqld", "docker-entrypoint.sh"])
};

const REDIS: App = App {
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
    clients: &[("zkServer.sh", Client::ZkServer), ("zkCli.sh", Client::ZkCli), ("zookeeper-ready", Client::Ready)],
    tools: zookeeper_tools!(),
    ..store("zookeeper", 2181, "/data", Peers::Quorum, &["zkServer.sh", "start-zookeeper"])
};

/// The same, and those of the Ubuntu below.
const KUBERNETES_ZOOKEEPER_TOOLS: &str = concat!(zookeeper_tools!(), " pgrep pkill top free uptime vmstat");

const APPS: &[App] = &[
    MYSQL,
    App { name: "mariadb", ..MYSQL },
    App {
        tools: "postgres psql pg_ctl pg_dump pg_dumpall pg_restore pg_basebackup pg_controldata pg_rewind pgbench initdb createdb \
                createuser dropdb dropuser vacuumdb reindexdb clusterdb pg_archivecleanup pg_checksums pg_receivewal pg_recvlogical \
                pg_resetwal pg_upgrade pg_verifybackup pg_waldump docker-ensure-initdb.sh docker-enforce-initdb.sh gosu openssl",
        clients: &[("pg_isready", Client::PgIsReady)],
        bash_on_alpine: true,
        ..store("postgres", 5432, "/var/lib/postgresql/data", COPIES, &["postgres", "docker-entrypoint.sh"])
    },
    REDIS,
    App { name: "valkey", ..REDIS },
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
    app("dnstools", Serves::Nothing, 0, Family::WithBind),
    app("tiny-tools", Serves::Nothing, 0, Family::WithBind),
];

/// An image that is not in the table.
pub(super) const OTHER: App = app("", Serves::Nothing, 0, Family::Debian);
/// A container without a listening server.
pub(super) const NOTHING: App = app("sh", Serves::Nothing, 0, Family::Debian);

impl App {
    /// Whether a container's command runs the server of a replicated application.
    pub fn is_member(&self, command: &[String]) -> bool {
        let is_server = |word: &str| self.servers.contains(&word.rsplit('/').next().unwrap_or_default());
        let says_so = || command.iter().flat_map(|word| word.split_whitespace()).any(is_server);
        self.peers != Peers::None && (command.first().is_none_or(|first| first.starts_with('-')) || says_so())
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

    /// Whether it serves if its container has no command of its own.
    pub fn has_server(&self) -> bool {
        self.serves != Serves::Nothing || !self.servers.is_empty()
    }

    /// Whether its command is given to a program of its own that may run anything, rather than run as it is.
    pub(super) fn has_entrypoint(&self) -> bool {
        let answers = matches!(self.serves, Serves::Greeting(_) | Serves::Pet(_));
        answers || self.peers != Peers::None || self.servers.iter().any(|server| matches!(*server, "docker-entrypoint.sh" | "agnhost"))
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
    /// The last version with the old format.
    const LAST: u32 = 28;
    let (name, tag) = name_and_tag(image);
    let mut parts = tag.split('.');
    name == "busybox"
        && parts.next() == Some("1")
        && parts.next().and_then(|minor| minor.split('-').next()?.parse::<u32>().ok()).is_some_and(|n| n <= LAST)
}
