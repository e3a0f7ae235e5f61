//! Why a name has no address, in Korean.

use crate::josa::Josa;
use cluster::dns::Reason;
use cluster::dns::reason::PodState;

/// Tells why a question found nothing; empty where it found something.
pub fn tell(reason: &Reason) -> String {
    match reason {
        Reason::Found => String::new(),
        Reason::OtherType => "이 이름에는 다른 타입의 레코드만 있음".into(),
        Reason::OnlyADomain => "이름이 아니라 도메인".into(),
        Reason::NoPorts { .. } => "서비스에 이름이 있는 포트가 없음".into(),
        Reason::AliasLeadsNowhere { target, .. } => format!("가리키는 {target}{} 없음", Josa::Subject.after(target)),
        Reason::OutsideCluster => "이 클러스터의 이름이 아님".into(),
        Reason::NeitherServiceNorPod { label } => format!("{label}{} svc도 pod도 아님", Josa::Topic.after(label)),
        Reason::TooManyLabels => "레이블이 너무 많음".into(),
        Reason::NoSuchNamespace { namespace } => format!("{namespace} 네임스페이스 없음"),
        Reason::NoSuchService { service, instead, .. } => match instead.first() {
            Some(other) => format!("{} 서비스 없음, 파드는 {} 서비스에 속함", service.name, other.name),
            None => format!("{} 서비스 없음", service.name),
        },
        Reason::NoEndpoints { .. } => "서비스에 속한 파드 없음".into(),
        Reason::NoneReady { .. } => "Ready 파드 없음".into(),
        Reason::NoSuchPort { port, .. } => format!("{port} 포트 없음"),
        Reason::NotReady { terminating: true, .. } => "Terminating이어서 게시되지 않음".into(),
        Reason::NotReady { .. } => "Ready가 아니어서 게시되지 않음".into(),
        Reason::OtherSubdomain { subdomain: Some(other), .. } => format!("파드의 이름은 {other} 아래에 있음"),
        Reason::OtherSubdomain { .. } => "파드에 subdomain이 없음".into(),
        Reason::HasHostname { hostname, .. } => format!("호스트네임은 {hostname}"),
        Reason::NoSuchHostname { pod, .. } => match pod {
            PodState::Absent => "파드 없음".into(),
            PodState::NotSelected => "서비스가 선택하지 않음".into(),
            PodState::NoAddress => "아직 주소 없음".into(),
            PodState::Ended => "끝난 파드".into(),
            PodState::NotYetSeen => "엔드포인트슬라이스에 아직 없음".into(),
        },
        Reason::AliasHasNoHosts { .. } => "별칭 아래에는 이름이 없음".into(),
        Reason::NotAnAddress { label } => format!("{label}{} 주소가 아님", Josa::Topic.after(label)),
        Reason::NoSuchPodAddress => "이 주소의 파드 없음".into(),
        Reason::NoSuchAddress { .. } => "이 주소를 쓰는 대상 없음".into(),
    }
}
