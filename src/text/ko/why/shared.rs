//! What `decided` leaves to others: words that several reasons share, and what is done in passing, in Korean.

use crate::api::object::Name;
use crate::api::object::pod::Truth;
use crate::api::obstacle::Obstacle;
use crate::text::josa::Josa;
use crate::text::ko::{object, subject_of, topic};
use crate::text::why::{Case, Standing, Told, changed_endpoints};
use crate::why::{Emptying, EndpointsUpkeep, Healthy, Mirroring, ProbeKind, Slices, Upkeep};

/// What a probe is called.
pub(super) fn probe_word(probe: ProbeKind) -> &'static str {
    match probe {
        ProbeKind::Startup => "스타트업 프로브",
        ProbeKind::Readiness => "준비성 프로브",
        ProbeKind::Liveness => "활성 프로브",
    }
}

/// A pod that is to go, on a node that says nothing.
pub(super) fn stranded(case: &Case, node: &str) -> Told {
    let subject = case.subject;
    let (verdict, rule) = if case.set.is_empty() {
        (format!("{} Terminating에 머뭅니다.", subject_of(subject)), "레플리카셋이라면 기다리지 않고 다른 파드를 만듭니다")
    } else {
        (
            format!("{} Terminating에 머물고, 새 {} 생성되지 않습니다.", subject_of(subject), topic(subject)),
            "그동안은 `Parallel`이라도 같은 이름으로 파드를 만들지 않습니다. 스테이트풀셋은 신원마다 파드를 최대 하나만 실행합니다",
        )
    };
    Told::done(
        verdict,
        format!("<{node}> 노드가 응답하지 않아, 컨테이너가 멈췄는지 kubelet이 확인해 줄 수 없습니다. 확인될 때까지 파드 오브젝트가 남습니다. {rule}."),
    )
    .brief(format!("이전 {} 아직 실행 중일 수 있음", subject_of(subject)))
    .until(format!("<{node}> 노드가 복구되거나, 복구되지 않는다고 누군가 알릴 때"))
}

/// What an ordered set waits for, seen from a pod that is missing or from the set.
pub(super) fn ordered(case: &Case, pod: &str, rule: String) -> Told {
    let verdict = match case.standing {
        Standing::Exists => format!("{} {} 기다립니다.", topic(case.set), object(pod)),
        Standing::NotCreated => format!("{} 생성되지 않습니다.", topic(case.subject)),
        Standing::NotRecreated => format!("{} 재생성되지 않습니다.", topic(case.subject)),
    };
    Told::done(verdict, rule)
}

/// A budget that lets no pod go, by how many are healthy, have to be, and should be there.
pub(super) fn lets_go(verdict: String, budget: &str, more: &str, Healthy { healthy, desired, expected }: Healthy) -> Told {
    let wants = format!("{} 정상 파드 {desired}개를 요구하고, 현재 정상 파드는 {healthy}개입니다.{more}", topic(budget));
    Told::done(verdict, wants).until(if healthy < expected {
        "정상 파드가 늘어날 때".to_owned()
    } else {
        format!("{} 더 적게 요구할 때", subject_of(budget))
    })
}

/// What a pod refers to and lacks, as a sentence without its full stop, and what ends that, up to another condition.
pub(super) fn lacking(missing: &Obstacle) -> (String, String) {
    match missing {
        Obstacle::MissingKey(kind, name, key) => {
            (format!("<{name}> {kind}에 `{key}` 키가 없습니다"), format!("<{name}> {kind}에 `{key}` 키가 생기거나"))
        }
        Obstacle::MissingImage => ("이미지가 노드에 없고 가져올 수도 없습니다".to_owned(), "이미지가 노드에 생기거나".to_owned()),
        Obstacle::PodSecurity { namespace, level, .. } => {
            (format!("<{namespace}> 네임스페이스가 `{level}` 수준을 강제합니다"), format!("<{namespace}> 네임스페이스의 수준이 낮아지거나"))
        }
        Obstacle::MayNotGrow(class, _) => {
            (format!("<{class}> 클래스가 확장을 허용하지 않습니다"), format!("<{class}> 클래스가 확장을 허용하거나"))
        }
        Obstacle::Missing(kind, name)
        | Obstacle::Leaving(kind, name)
        | Obstacle::Limit(kind, name)
        | Obstacle::Taken(kind, name)
        | Obstacle::Invalid(kind, name) => {
            let particle = Josa::Subject.after(kind.info().name);
            (format!("<{name}> {kind}{particle} 없습니다"), format!("<{name}> {kind}{particle} 생기거나"))
        }
    }
}

/// A claim without a volume, and why.
pub(super) fn no_volume(claim: &str, why: impl Into<String>) -> Told {
    Told::done(format!("<{claim}>에는 아직 볼륨이 없습니다."), why)
}

/// What is put in order without anything having waited for it.
pub(super) fn upkeep(subject: &str, done: &Upkeep) -> Told {
    match done {
        Upkeep::ForgetsOwner { owner } => Told::done(
            format!("{} 더는 <{owner}>에 속하지 않습니다.", topic(subject)),
            "그 소유자는 사라졌고, 다른 소유자가 남아 있습니다.",
        ),
        Upkeep::FinalizerDone { finalizer } => {
            Told::done(format!("{} 더 붙잡아 두지 않습니다.", object(subject)), format!("`{finalizer}` 파이널라이저가 더는 필요 없습니다."))
        }
        Upkeep::FinalizerBack { finalizer } => {
            Told::done(format!("<{subject}>에 `{finalizer}` 파이널라이저를 되돌려 놓습니다."), "사용 중에 사라지지 않도록 보호합니다.")
        }
        Upkeep::TakesDefaultClass { class } => {
            Told::done(format!("<{subject}>에 `{class}` 스토리지클래스를 지정합니다."), "클래스가 없었고, 이제 이것이 기본 클래스입니다.")
        }
        Upkeep::VolumeReleased { claim } => {
            Told::done(format!("<{subject}>의 바인딩이 풀립니다."), format!("{} 사라졌거나 다른 볼륨을 쓰고 있습니다.", subject_of(claim)))
        }
        Upkeep::TimeIsOver => {
            Told::done(format!("{} 삭제됩니다.", subject_of(subject)), "끝난 뒤 `ttlSecondsAfterFinished`만큼 지났습니다.")
        }
        Upkeep::MakesClaims => {
            Told::done(format!("<{subject}>의 전용 클레임을 만듭니다."), "파드의 임시 볼륨에 적힌 클레임이며, 파드와 함께 사라집니다.")
        }
        Upkeep::KeepsRevisions => Told::done(format!("<{subject}>의 리비전을 갱신합니다."), "리비전은 템플릿의 이력입니다."),
        Upkeep::TaintsFollowNode => Told::done(format!("<{subject}>의 테인트를 설정합니다."), "테인트는 노드의 상태를 나타냅니다."),
        Upkeep::EveryNamespaceHasOne => {
            Told::done(format!("{} 만들거나 바로잡습니다.", object(subject)), "모든 네임스페이스에 하나씩 있습니다.")
        }
        Upkeep::TokenIsMade { account } => {
            Told::done(format!("<{subject}>에 토큰을 넣습니다."), format!("`{account}` 서비스어카운트의 토큰을 담는 유형입니다."))
        }
        Upkeep::AccountIsGone { account } => {
            Told::done(format!("{} 삭제됩니다.", subject_of(subject)), format!("토큰의 주인인 `{account}` 서비스어카운트가 없습니다."))
        }
        Upkeep::StatusFollows => Told::done(format!("<{subject}>의 상태를 갱신합니다."), "상태는 관련된 오브젝트를 반영합니다."),
    }
}

/// What becomes of a Service's EndpointSlices.
pub(super) fn slices(subject: &str, slices: &Slices) -> Told {
    match slices {
        Slices::FollowPods(changes) => {
            let changed = changed_endpoints(changes, ["추가", "변경", "제거"]);
            Told::done(
                format!("<{subject}>의 엔드포인트슬라이스를 갱신합니다."),
                format!("엔드포인트슬라이스에는 셀렉터에 맞는 파드가 들어 있습니다: {changed}."),
            )
        }
        Slices::FollowService => Told::done(
            format!("<{subject}>의 엔드포인트슬라이스를 갱신합니다."),
            "서비스의 레이블을 따르고, 비었거나 같은 이름의 이전 서비스에 속한 것은 삭제합니다.",
        ),
        Slices::AreCurrent => Told::done(
            format!("<{subject}>의 엔드포인트슬라이스는 최신입니다."),
            "엔드포인트슬라이스에는 셀렉터에 맞는 파드가 들어 있습니다.",
        ),
        Slices::AreLeftToOthers => Told::done(
            format!("{} 셀렉터가 없습니다.", topic(subject)),
            "엔드포인트슬라이스를 만드는 컨트롤러가 없으니 직접 만들어야 합니다.",
        ),
        Slices::AreNotNeeded => {
            Told::done(format!("{} 외부 이름을 가리킵니다.", topic(subject)), "DNS는 CNAME으로 답하고, 엔드포인트슬라이스는 없습니다.")
        }
    }
}

/// A namespace that is being deleted.
pub(super) fn emptying(subject: &str, emptying: Emptying) -> Told {
    match emptying {
        Emptying::Pods(count) => {
            Told::done(format!("{} 파드부터 삭제되는 중입니다.", topic(subject)), format!("파드 {count}개가 남았습니다."))
                .until("모두 사라질 때")
        }
        Emptying::Content(count) => Told::done(
            format!("{} 그 안의 오브젝트와 함께 삭제되는 중입니다.", topic(subject)),
            format!("오브젝트 {count}개가 남았습니다."),
        )
        .until("모두 사라질 때"),
        Emptying::Done => Told::done(format!("{} 제거됩니다.", subject_of(subject)), "비어 있습니다."),
    }
}

/// A pod that the scheduler leaves alone for its scheduling gates.
pub(super) fn scheduling_gates(case: &Case, gates: &[Name]) -> Told {
    let Case { subject, set, .. } = case;
    let names: Vec<String> = gates.iter().map(|gate| format!("`{gate}`")).collect();
    let new =
        if set.is_empty() { String::new() } else { format!(" <{set}>의 새 파드는 템플릿에 적힌 대로 만들어집니다.") };
    Told::done(
        format!("{} 아직 스케줄링되지 않습니다.", topic(subject)),
        format!(
            "스케줄링 게이트가 있습니다: {}. 게이트를 설정한 쪽이 제거할 때까지 스케줄러는 이 파드를 확인하지 않으며, 여기서는 사용자 말고는 제거할 \
             주체가 없습니다.{new}",
            names.join(", "),
        ),
    )
    .until("스케줄링 게이트가 제거될 때")
}

/// A pod whose containers are ready, and some of whose readiness gates are not True.
pub(super) fn readiness_gates(subject: &str, gates: &[(Name, Option<Truth>)]) -> Told {
    let names: Vec<String> = gates.iter().map(|(gate, _)| format!("`{gate}`")).collect();
    let is = |(gate, is): &(Name, Option<Truth>)| match is {
        None => format!("`{gate}`: 없음"),
        Some(is) => format!("`{gate}`: {}", is.word()),
    };
    let states: Vec<String> = gates.iter().map(is).collect();
    Told::done(
        format!("{} Running이지만 Ready가 아닙니다.", topic(subject)),
        format!(
            "컨테이너는 준비되었지만, 준비성 게이트가 요구하는 컨디션이 True가 아닙니다({}). 이 컨디션은 게이트를 추가한 쪽이 설정해야 하며, \
             여기서는 사용자 말고는 설정할 주체가 없습니다.",
            states.join(", "),
        ),
    )
    .until(format!("누군가 {} 컨디션을 True로 설정할 때", names.join(", ")))
}

/// What becomes of Endpoints.
pub(super) fn endpoints(subject: &str, upkeep: EndpointsUpkeep) -> Told {
    match upkeep {
        EndpointsUpkeep::FollowPods => {
            Told::done(format!("{} 갱신합니다.", object(subject)), "서비스의 셀렉터에 맞는 파드가 들어 있습니다.")
        }
        EndpointsUpkeep::AreCurrent => {
            Told::done(format!("{} 최신입니다.", topic(subject)), "서비스의 셀렉터에 맞는 파드가 들어 있습니다.")
        }
        EndpointsUpkeep::AreLeftAlone => {
            Told::done(format!("{} 그대로 둡니다.", object(subject)), "서비스에 셀렉터가 없거나 서비스가 외부 이름을 가리킵니다.")
        }
        EndpointsUpkeep::GoWithService => Told::done(format!("{} 삭제합니다.", object(subject)), "같은 이름의 서비스가 더 이상 없습니다."),
    }
}

/// What becomes of the slices that mirror Endpoints.
pub(super) fn mirroring(subject: &str, mirroring: Mirroring) -> Told {
    match mirroring {
        Mirroring::FollowsEndpoints => Told::done(
            format!("{} 엔드포인트슬라이스로 미러링합니다.", object(subject)),
            "서비스에 셀렉터가 없어 엔드포인트슬라이스를 만드는 다른 컨트롤러가 없습니다.",
        ),
        Mirroring::IsCurrent => {
            Told::done(format!("<{subject}>의 엔드포인트슬라이스는 최신입니다."), "누군가 작성한 내용을 그대로 미러링한 것입니다.")
        }
        Mirroring::IsOver => Told::done(
            format!("{} 미러링한 엔드포인트슬라이스를 삭제합니다.", object(subject)),
            "셀렉터 없는 서비스와 Endpoints가 함께 있고 막는 것이 없을 때만 미러링합니다.",
        ),
    }
}
