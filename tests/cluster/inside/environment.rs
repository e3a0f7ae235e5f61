//! Variables that name others.

use crate::pods::story::tell;

#[test]
fn what_is_known_is_put_in_and_what_is_escaped_or_unknown_stays() {
    let cases = [
        ("", ""),
        ("$(A)-$(B)", "1-$(A)"),
        ("$$(A) $$$(A)", "$(A) $1"),
        ("$(C) $(A", "$(C) $(A"),
        ("5$ $x $", "5$ $x $"),
        ("$(KUBERNETES_SERVICE_PORT)", "443"),
        // Set by the container runtime, after the manifest was read.
        ("$(HOSTNAME) $(PATH)", "$(HOSTNAME) $(PATH)"),
        // The container's own stands before that of the Service.
        ("$(KUBERNETES_SERVICE_PORT_HTTPS)", "1"),
    ];
    let own = "{name: A, value: '1'}, {name: B, value: '$$(A)'}, {name: KUBERNETES_SERVICE_PORT_HTTPS, value: '1'}";
    for (text, want) in cases {
        let env = format!("[{own}, {{name: T, value: '{text}'}}]");
        let spec = format!("{{containers: [{{name: main, image: nginx, env: {env}}}]}}");
        assert_eq!(tell(&spec, "until Running; say kubectl exec app -- sh -c 'echo \"<$T>\"'"), format!("<{want}>"), "{text}");
    }
}

/// What `env` prints in a container of an image, without what every container has.
fn printed(image: &str, own: &str) -> String {
    let env = format!("[{{name: POSTGRES_PASSWORD, value: a}}{own}]");
    let spec = format!("{{containers: [{{name: main, image: '{image}', env: {env}}}]}}");
    let said = tell(&spec, "until Running; say kubectl exec app -- env");
    let of_every = |line: &&str| ["KUBERNETES_", "PATH=", "HOSTNAME=", "HOME="].iter().any(|name| line.starts_with(name));
    let lines = said.lines().filter(|line| !of_every(line));
    lines.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_container_has_what_its_image_sets_as_far_as_the_tag_tells() {
    let cases = [
        ("postgres:16", "LANG=en_US.utf8 PGDATA=/var/lib/postgresql/data PG_MAJOR=16 POSTGRES_PASSWORD=a"),
        ("docker.io/library/postgres:16.4-alpine", "LANG=en_US.utf8 PGDATA=/var/lib/postgresql/data PG_MAJOR=16 POSTGRES_PASSWORD=a"),
        // The major version had two numbers before the tenth.
        ("postgres:9.6.24", "LANG=en_US.utf8 PGDATA=/var/lib/postgresql/data PG_MAJOR=9.6 POSTGRES_PASSWORD=a"),
        ("postgres:9", "LANG=en_US.utf8 PGDATA=/var/lib/postgresql/data POSTGRES_PASSWORD=a"),
        ("postgres:18", "LANG=en_US.utf8 PG_MAJOR=18 POSTGRES_PASSWORD=a"),
        ("postgres", "LANG=en_US.utf8 POSTGRES_PASSWORD=a"),
        // Somebody else built it.
        ("example.com/shop/postgres:16", "POSTGRES_PASSWORD=a"),
        ("httpd:2.4", "HTTPD_PREFIX=/usr/local/apache2 POSTGRES_PASSWORD=a"),
        ("mongo:7.0", "MONGO_MAJOR=7.0 MONGO_PACKAGE=mongodb-org MONGO_REPO=repo.mongodb.org POSTGRES_PASSWORD=a"),
        ("mongo:7", "MONGO_PACKAGE=mongodb-org MONGO_REPO=repo.mongodb.org POSTGRES_PASSWORD=a"),
    ];
    for (image, want) in cases {
        assert_eq!(printed(image, ""), want, "{image}");
    }
}

#[test]
fn a_manifest_puts_its_own_value_where_the_image_has_one_which_it_cannot_name() {
    let own = ", {name: PG_MAJOR, value: mine}, {name: NAMED, value: $(LANG)}";
    let want = "LANG=en_US.utf8 NAMED=$(LANG) PGDATA=/var/lib/postgresql/data PG_MAJOR=mine POSTGRES_PASSWORD=a";
    assert_eq!(printed("postgres:16", own), want);
}
