//! The columns of `dig`.

use ordinal::api::object::pod::Ip;
use ordinal::base::time::Time;
use ordinal::cluster::dns::dig::dig;
use ordinal::cluster::dns::{Data, Options, Query, Record, RecordType, resolve};
use ordinal::server::tables::Tables;

#[test]
fn words_stand_at_tab_stops_where_they_can() {
    for (name, want) in [
        ("google.com", "google.com.\t\t30\tIN\tA\t10.0.0.1"),
        ("nginx.default.svc.cluster.local", "nginx.default.svc.cluster.local. 30 IN\tA\t10.0.0.1"),
        ("web-0.nginx.default.svc.cluster.local", "web-0.nginx.default.svc.cluster.local. 30 IN A\t10.0.0.1"),
    ] {
        let mut answer = resolve(&Tables::default(), &Query::exact(name, RecordType::A), &Options::default());
        answer.records = vec![Record { name: name.into(), ttl: 30, data: Data::A(Ip([10, 0, 0, 1])) }];
        let printed = dig(&answer, name, Time(0), &Options::default()).stdout;
        assert_eq!(printed.lines().find(|line| line.starts_with(name)), Some(want));
    }
}
