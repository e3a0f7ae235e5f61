//! Decisions, told in Korean.

mod shared;

use super::{object, subject_of, topic};
use crate::api::obstacle::Obstacle;
use crate::text::josa::Josa;
use crate::text::why::{Because, Case, Told, Unwanted};
use crate::why::Reason;
use shared::{lacking, lets_go, no_volume, ordered, probe_word, stranded, upkeep};

/// Tells a decision.
pub fn tell(case: &Case) -> Told {
    let subject = case.subject;
    match case.because {
        Because::Decided(reason) => decided(case, reason),
        Because::NotWanted(Unwanted::Below(wanted)) => Told::done(
            format!("{} 목표 레플리카에 포함되지 않습니다.", topic(subject)),
            format!(
                "`ordinals.start`가 {}이므로 순번은 거기서 시작하고, 늘릴 때는 더 높은 순번만 생깁니다. 더 낮은 순번의 클레임은 `whenScaled`가 \
                 Delete가 아니면 남습니다.",
                wanted.start
            ),
        ),
        Because::NotWanted(Unwanted::Above(replicas)) => Told::done(
            format!("{} 목표 레플리카에 포함되지 않습니다.", topic(subject)),
            format!("`replicas`가 {replicas}입니다. 클레임은 `whenScaled`가 Delete가 아니면 남고, 다시 늘리면 그대로 쓰입니다."),
        ),
        Because::Stranded { node } => stranded(case, node),
        Because::Keeps { revision, by } => {
            let rule = decided(case, by);
            let words = format!("{} {}", rule.verdict, rule.paragraph);
            Told::done(format!("{} 리비전 {revision}에 머뭅니다.", topic(subject)), words).until(rule.ends_when)
        }
        Because::Trapped { by } => Told {
            paragraph:
                "스테이트풀셋의 리비전은 이미 바뀌었지만 소용없습니다. `OrderedReady`에서는 이 파드가 Ready가 되어야 파드를 교체합니다."
                    .into(),
            ..decided(case, by).until(format!("{} 직접 삭제할 때", object(subject)))
        },
        Because::NoLongerEvicted { node, budget } => Told::done(
            format!("{} 축출을 요청하는 명령이 더는 없어 <{node}> 노드에 남습니다.", topic(subject)),
            format!(
                "{} 축출을 거부했고 그 명령은 끝났습니다. <{node}> 노드는 아직 cordon 상태여서, 실행 중인 파드는 그대로 두고 새 파드는 받지 않습니다.",
                subject_of(budget)
            ),
        ),
        Because::NobodySchedules { scheduler } => Told::done(
            format!("<{subject}>에 배정된 노드가 없습니다."),
            format!("`{scheduler}` 스케줄러를 지정했지만 여기에는 그런 스케줄러가 없어 아무도 노드를 찾지 않습니다."),
        )
        .until("새 파드의 `schedulerName`이 다르거나 누군가 이 파드를 바인딩할 때"),
        Because::NotLookedAt => Told::done(format!("<{subject}>에 대해 아직 결정된 것이 없습니다."), ""),
        Because::NotSeen => Told::done(
            "컨트롤러가 최근 변경을 아직 보지 못했습니다.",
            format!("<{}> 또는 그 파드가 바뀌었습니다. watch가 잠시 뒤 컨트롤러에 알립니다.", case.workload()),
        )
        .brief("컨트롤러가 아직 보지 못함")
        .until("시간이 흐를 때"),
    }
}

/// One arm for every reason there is: a new one does not compile until it can be told.
fn decided(case: &Case, reason: &Reason) -> Told {
    let (subject, set) = (case.subject, case.workload());
    match reason {
        // StatefulSet controller: creation
        Reason::CacheBehindOwnWrites => Told::done(
            "컨트롤러가 방금 자신이 쓴 내용을 확인할 때까지 기다립니다.",
            "캐시에 아직 반영되지 않았고, 오래된 상태를 보고는 아무것도 결정하지 않습니다.",
        )
        .until("watch로 확인될 때"),
        Reason::ClaimingPods => Told::done(
            format!("컨트롤러가 <{set}>에 속하는 파드를 가려냅니다."),
            "컨트롤러가 없고 셀렉터에 맞는 파드는 넘겨받고, 더는 맞지 않는 파드는 놓아줍니다.",
        ),
        Reason::WorkloadIsBeingDeleted => Told::done(format!("{} 삭제되는 중입니다.", subject_of(set)), "컨트롤러는 파드를 더 만들지 않습니다."),
        Reason::CreatingPod { ordinal, .. } => {
            Told::done(format!("{} 생성 중입니다.", object(&case.pod(*ordinal))), "비어 있는 순번 가운데 가장 낮습니다.")
        }
        Reason::CreatingPods { count } => {
            Told::done(format!("파드 {count}개를 한꺼번에 생성 중입니다."), "`Parallel`에서는 더 낮은 순번을 기다리지 않습니다.")
        }
        Reason::ReplacingTerminalPod { ordinal } => Told::done(
            format!("{} 삭제하고 다시 만듭니다.", object(&case.pod(*ordinal))),
            "이미 끝난 파드이고, 삭제되기 전에는 새 파드가 그 이름을 쓸 수 없습니다.",
        ),
        Reason::StaleClaim { ordinal, claim } | Reason::ClaimIsBeingDeleted { ordinal, claim } => Told::done(
            format!("{} 생성되지 않습니다.", topic(&case.pod(*ordinal))),
            format!("<{claim}> 클레임이 삭제되는 중이고, 새 파드는 삭제 중인 클레임으로 시작하지 않습니다."),
        )
        .brief(format!("<{claim}> 삭제 중"))
        .until(format!("<{claim}> 삭제가 끝난 뒤 컨트롤러가 다시 확인할 때")),
        Reason::NameTaken { ordinal } => Told::done(
            format!("{} 생성되지 않습니다.", topic(&case.pod(*ordinal))),
            format!("<{set}>에 속하지 않는 같은 이름의 파드가 있습니다."),
        )
        .brief("이미 쓰이는 이름")
        .until("그 파드가 사라질 때"),
        Reason::WaitsForPodToGo { ordinal } => {
            let pod = case.pod(*ordinal);
            let rule = format!("`OrderedReady`에서는 {} 종료되는 동안 다음 작업을 하지 않습니다.", subject_of(&pod));
            ordered(case, &pod, rule).brief(format!("<{pod}> Terminating")).until(format!("{} 사라질 때", subject_of(&pod)))
        }
        Reason::WaitsForPodToBeReady { ordinal } => {
            let pod = case.pod(*ordinal);
            let rule = "`OrderedReady`에서는 순번이 더 낮은 파드가 모두 Running이고 Ready일 때만 파드를 만들거나 지웁니다.";
            ordered(case, &pod, format!("{rule} {} 아직 그렇지 않습니다.", topic(&pod)))
                .brief(format!("{} Ready가 아님", subject_of(&pod)))
                .until(format!("{} Ready가 될 때", subject_of(&pod)))
        }
        Reason::WaitsForPodToBeAvailable { ordinal } => {
            let pod = case.pod(*ordinal);
            let rule = format!("{} Ready이지만 아직 `minReadySeconds`가 지나지 않았습니다.", topic(&pod));
            ordered(case, &pod, rule).brief(format!("{} 사용 가능하지 않음", subject_of(&pod))).until("그만큼 Ready를 유지했을 때")
        }
        Reason::RepairingPod { ordinal } => {
            Told::done(format!("{} 바로잡습니다.", object(&case.pod(*ordinal))), "레이블이나 볼륨, 클레임이 신원과 맞지 않습니다.")
        }
        Reason::UpToDate if case.set.is_empty() => Told::done(format!("{} 의도한 상태에 도달했습니다.", topic(set)), "필요한 파드가 모두 있습니다."),
        Reason::UpToDate => Told::done(format!("{} 의도한 상태에 도달했습니다.", topic(set)), "필요한 순번마다 최신 리비전의 파드가 있습니다."),
        Reason::UnknownStrategy => {
            Told::done(format!("{} 업데이트되지 않습니다.", topic(set)), "이 릴리스에는 그런 `updateStrategy`가 없습니다.")
        }
        Reason::SyncFailed { obstacle: Some(Obstacle::PodSecurity { namespace, level, found }), .. } => Told::done(
            format!("<{namespace}> 네임스페이스가 이 파드를 허용하지 않습니다."),
            format!(
                "`{level}` 파드 보안 수준을 강제하는데, 파드 템플릿이 이를 어깁니다: `{found}`. 컨트롤러는 간격을 점점 늘려 가며 다시 시도합니다.",
            ),
        )
        .brief(format!("`{level}` 수준이 파드를 금지"))
        .until(format!("템플릿이 수준을 충족하거나 <{namespace}> 네임스페이스의 수준이 낮아질 때")),
        Reason::SyncFailed { error, .. } => Told::done(
            format!("<{subject}>에 대한 컨트롤러의 마지막 시도가 실패했습니다."),
            format!("오류는 `{error}`입니다. 컨트롤러는 간격을 점점 늘려 가며 다시 시도합니다."),
        )
        .brief("마지막 시도 실패")
        .until("시도가 성공할 때"),
        // StatefulSet controller: removal and update
        Reason::MarkingClaims => Told::done(
            "클레임의 소유자 참조를 갱신합니다.",
            "`whenScaled: Delete`에서는 제거될 파드가 자기 클레임을 소유하므로, 클레임도 함께 삭제됩니다.",
        ),
        Reason::RemovingPod { ordinal } => Told::done(
            format!("{} 제거됩니다.", subject_of(&case.pod(*ordinal))),
            "필요한 순번의 범위를 벗어났습니다. 순번이 가장 높은 파드부터 제거하고, 클레임은 `whenScaled`가 Delete가 아니면 남습니다.",
        ),
        Reason::WaitsForRemovedPod { ordinal } => {
            let pod = case.pod(*ordinal);
            Told::done(format!("{} 사라져야 다음 파드를 제거합니다.", subject_of(&pod)), "순번이 가장 높은 파드부터 하나씩 제거합니다.")
                .until(format!("{} 사라질 때", subject_of(&pod)))
        }
        Reason::RemovalWaitsForLower { ordinal, lower } => {
            let lower = case.pod(*lower);
            let rule = format!("제거할 차례지만, `OrderedReady`에서는 {} Running이고 Ready가 될 때까지 아무것도 제거하지 않습니다.", subject_of(&lower));
            Told::done(format!("{} 당분간 남습니다.", topic(&case.pod(*ordinal))), rule)
                .until(format!("{} Ready가 될 때", subject_of(&lower)))
        }
        Reason::ReplacingForUpdate { ordinal } => Told::done(
            format!("{} 삭제하고 새 리비전으로 다시 만듭니다.", object(&case.pod(*ordinal))),
            "업데이트는 가장 높은 순번부터 내려가며 진행됩니다.",
        ),
        Reason::UpdateWaitsForUnavailable { ordinal } => {
            let pod = case.pod(*ordinal);
            Told::done(format!("업데이트가 {} 기다립니다.", object(&pod)), "사용 불가 파드가 이미 허용된 수만큼 있습니다.")
                .until(format!("{} 사용 가능해질 때", subject_of(&pod)))
        }
        Reason::OnDeleteWaitsForYou { count } => Told::done(
            format!("<{set}>의 파드 {count}개가 이전 리비전을 유지합니다."),
            "`OnDelete`에서는 누군가 파드를 삭제해야 새 리비전으로 바뀝니다.",
        )
        .until("파드를 직접 삭제할 때"),
        Reason::BelowPartition { below } => {
            Told::done(format!("순번이 {below}보다 낮은 파드는 이전 리비전을 유지합니다."), "`partition`이 업데이트를 그 순번에서 멈춥니다.")
                .until("`partition`을 낮출 때")
        }
        // Deployment and ReplicaSet controllers
        Reason::ClaimingReplicaSets => Told::done(
            format!("컨트롤러가 <{subject}>에 속하는 레플리카셋을 가려냅니다."),
            "컨트롤러가 없고 셀렉터에 맞는 레플리카셋은 넘겨받고, 더는 맞지 않는 레플리카셋은 놓아줍니다.",
        ),
        Reason::CreatingReplicaSet { name, replicas } => {
            Told::done(format!("{} 생성 중입니다.", object(name)), format!("새 템플릿의 레플리카셋이며, 파드 {replicas}개로 시작합니다."))
        }
        Reason::ReplicaSetNameTaken { name } => {
            Told::done(format!("{} 이미 쓰이는 이름입니다.", topic(name)), "그 레플리카셋은 템플릿이 달라, 다음 해시를 시도합니다.")
        }
        Reason::ScalingReplicaSet { name, from, to } => Told::done(
            format!("<{name}>의 파드 수를 {from}개에서 {to}개로 조정합니다."),
            "디플로이먼트가 레플리카셋의 크기를 정하고, 레플리카셋이 파드를 만들고 지웁니다.",
        ),
        Reason::ForgettingReplicaSet { name } => {
            Told::done(format!("{} 삭제됩니다.", subject_of(name)), "파드가 없고 `revisionHistoryLimit`이 보관하는 것보다 오래되었습니다.")
        }
        Reason::RolloutPaused => {
            Told::done(format!("<{subject}> 롤아웃이 일시 중지되었습니다."), "파드 수만 유지합니다.").until("롤아웃을 재개할 때")
        }
        Reason::RolloutWaitsForPods { replica_set, count } => {
            Told::done("롤아웃이 대기 중입니다.", format!("<{replica_set}>의 파드 {count}개가 더 사용 가능해져야 합니다."))
                .until("그 파드가 사용 가능해질 때")
        }
        Reason::RolloutWaitsForOldPods { count } => {
            Told::done("롤아웃이 대기 중입니다.", format!("이전 레플리카셋의 파드 {count}개가 아직 있습니다.")).until("그 파드가 사라질 때")
        }
        Reason::SizeIsNotNoted(replica_sets) => Told::done(
            format!("<{subject}> 롤아웃이 진행되지 않습니다."),
            format!(
                "롤아웃 도중에 크기가 바뀌었습니다. 조정할 것이 없어 새 크기가 {}에 기록되지 않았고, 컨트롤러는 볼 때마다 크기 조정이 남았다고 여겨 \
                 롤아웃을 미룹니다. 실제 클러스터도 그렇습니다.",
                replica_sets.join(", "),
            ),
        )
        .until("그 레플리카셋의 `deployment.kubernetes.io/desired-replicas` 어노테이션이 새 크기가 될 때"),
        Reason::RolloutTimedOut { seconds } => {
            Told::done(format!("<{subject}> 롤아웃이 멈춰 있습니다."), format!("{seconds}초 동안 진전이 없었습니다."))
                .until("새 파드가 사용 가능해질 때")
        }
        Reason::CreatingReplicas { count } => Told::done(
            format!("<{subject}>의 파드 {count}개를 생성 중입니다."),
            "두 배씩 늘어나는 묶음으로, 순서 없이 만듭니다. 이 파드에는 신원이 없습니다.",
        ),
        Reason::RemovingReplicas { count } => {
            Told::done(format!("<{subject}>의 파드 {count}개가 제거됩니다."), "없어도 지장이 가장 적은 파드부터 제거합니다.")
        }
        Reason::ReplicasNotAvailable { .. } => {
            Told::done(format!("{} 파드를 기다립니다.", topic(subject)), "사용 가능하지 않은 파드가 있습니다.")
                .until("모두 사용 가능해질 때")
        }
        Reason::JobRuns { succeeded, wanted: Some(wanted) } => {
            Told::done(format!("{} 파드가 끝나기를 기다립니다.", topic(subject)), format!("{wanted}개 중 {succeeded}개가 성공했습니다."))
                .until("필요한 수만큼 성공할 때")
        }
        Reason::JobRuns { wanted: None, .. } => {
            Told::done(format!("{} 파드가 끝나기를 기다립니다.", topic(subject)), "하나만 성공하면 됩니다.").until("파드가 모두 끝날 때")
        }
        Reason::BacksOff { failed } => Told::done(
            format!("{} 다음 파드를 만들기 전에 기다립니다.", topic(subject)),
            format!("파드 {failed}개가 실패했습니다. 실패할 때마다 대기 시간이 두 배로 늘어납니다."),
        )
        .until("대기 시간이 끝날 때"),
        Reason::JobIsSuspended => {
            Told::done(format!("{} 일시 중지되었습니다.", topic(subject)), "재개할 때까지 파드를 두지 않습니다.")
                .until("`spec.suspend`가 false일 때")
        }
        Reason::JobWaitsForPods { count } => {
            Told::done(format!("{} 곧 끝납니다.", topic(subject)), format!("파드 {count}개가 종료 중입니다.")).until("모두 사라질 때")
        }
        Reason::JobIsLeftTo { manager } => Told::done(
            format!("{} 그대로 둡니다.", topic(subject)),
            format!("`managedBy`가 가리키는 컨트롤러({manager})가 맡는데, 이 클러스터에는 없습니다."),
        ),
        Reason::JobIsComplete => Told::done(format!("{} 완료되었습니다.", topic(subject)), "필요한 수만큼 파드가 성공했습니다."),
        Reason::JobHasFailed { field } => {
            Told::done(format!("{} 실패했습니다.", topic(subject)), format!("매니페스트의 `{field}`에 따른 결과입니다."))
        }
        Reason::ScheduleIgnored => Told::done(format!("{} 잡을 만들지 않습니다.", topic(subject)), "`schedule`은 시뮬레이션하지 않습니다."),
        Reason::CreatingOnNodes { count } => {
            Told::done(format!("<{subject}>의 파드 {count}개를 생성 중입니다."), "조건에 맞고 아직 파드가 없는 노드마다 하나씩 만듭니다.")
        }
        Reason::UpdateWaitsForNodes { count } => {
            Told::done("업데이트가 대기 중입니다.", format!("파드 {count}개가 사용 가능하지 않습니다.")).until("그 파드가 사용 가능해질 때")
        }
        Reason::NoScaleTarget { missing } => {
            Told::done(format!("{} 아무것도 조정하지 않습니다.", topic(subject)), format!("대상을 읽을 수 없습니다: {missing}."))
                .until("대상이 생길 때")
        }
        Reason::NoMetrics => Told::done(
            format!("{} 대상의 레플리카 수를 최소와 최대 사이로 유지할 뿐입니다.", topic(subject)),
            "메트릭을 시뮬레이션하지 않아 달리 판단할 근거가 없습니다.",
        ),
        Reason::Rescales { from, to } => {
            let bound = if from < to { "최소" } else { "최대" };
            let told = format!("{} 대상의 레플리카 수를 {from}개에서 {to}개로 조정합니다.", subject_of(subject));
            Told::done(told, format!("허용하는 레플리카 수는 {bound} {to}개입니다."))
        }
        Reason::ScalingIsOff => {
            Told::done(format!("{} 아무것도 조정하지 않습니다.", topic(subject)), "대상의 레플리카가 0개이면 오토스케일러가 꺼집니다.")
                .until("대상에 다시 레플리카가 생길 때")
        }
        // Nodes
        Reason::NodeIsHeard => Told::done(format!("{} 응답합니다.", subject_of(subject)), "kubelet이 리스를 갱신하고 있습니다."),
        Reason::NodeFellSilent { last_heard } => Told::done(
            format!("{} 응답하지 않습니다.", subject_of(subject)),
            format!("kubelet이 마지막으로 응답한 시점은 {last_heard}입니다. 머신이 아직 동작하는지는 아무도 모릅니다."),
        )
        .until("kubelet이 다시 응답할 때"),
        Reason::EvictionIsPaced => {
            Told::done(format!("<{subject}>의 파드를 아직 축출하지 않습니다."), "축출 테인트는 노드마다 차례로 설정합니다.")
                .until("차례가 올 때")
        }
        Reason::ZoneIsSilent => {
            Told::done(format!("<{subject}>의 파드를 축출하지 않습니다."), "대부분의 노드가 응답하지 않아 원인이 다른 데 있다고 봅니다.")
                .until("더 많은 노드가 응답할 때")
        }
        Reason::NobodyIsHeard => {
            Told::done(format!("<{subject}>의 파드를 축출하지 않습니다."), "응답하는 노드가 하나도 없어 아무것도 축출하지 않습니다.")
                .until("어느 노드든 응답할 때")
        }
        Reason::NodeIsEmptied { taint } => Told::done(
            format!("<{subject}>의 파드를 축출합니다."),
            format!("`{taint}` 테인트 때문에, 톨러레이션 시간이 끝난 파드부터 축출됩니다."),
        ),
        Reason::ToleratesTaintFor { taint, seconds } => {
            Told::done(format!("{} 당분간 남습니다.", topic(subject)), format!("`{taint}` 테인트를 {seconds}초 동안 용인한 뒤 삭제됩니다."))
                .until("노드가 복구되거나 그 시간이 지날 때")
        }
        Reason::ToleratesTaint { taint } => {
            Told::done(format!("{} 남습니다.", topic(subject)), format!("`{taint}` 테인트를 기한 없이 용인합니다."))
        }
        Reason::EvictedByTaint { taint } => {
            Told::done(format!("{} 축출됩니다.", subject_of(subject)), format!("`{taint}` 테인트를 (더는) 용인하지 않습니다."))
        }
        Reason::EvictionCalledOff => Told::done(format!("{} 결국 남습니다.", topic(subject)), "테인트가 사라졌습니다."),
        Reason::WaitsForNodeToReturn { node } => {
            Told::done(format!("{} 당분간 남습니다.", topic(subject)), format!("<{node}>의 노드 오브젝트가 없지만 일시적일 수 있습니다."))
                .until(format!("<{node}> 노드가 다시 등록되거나 대기 시간이 끝날 때"))
        }
        Reason::NodeObjectGone { node } => Told::done(
            format!("{} 삭제됩니다.", subject_of(subject)),
            format!("<{node}>의 노드 오브젝트가 사라져, 파드의 상태를 알릴 kubelet이 없습니다."),
        ),
        Reason::NodeIsOutOfService { node } => Told::done(
            format!("{} kubelet의 확인 없이 삭제됩니다.", subject_of(subject)),
            format!("누군가 <{node}> 노드를 out-of-service로 표시했습니다. 아직 동작 중이라면 파드 둘이 동시에 실행될 수 있습니다."),
        ),
        Reason::NeverHadNode => {
            Told::done(format!("{} 삭제됩니다.", subject_of(subject)), "노드에 배정된 적이 없어 kubelet의 확인이 필요하지 않습니다.")
        }
        // Disruption budgets
        Reason::DisruptionsAllowed { count } => {
            Told::done(format!("파드 {count}개를 축출할 수 있습니다."), format!("{} 허용합니다.", subject_of(subject)))
        }
        Reason::NoDisruptionAllowed(counts) => {
            lets_go("어떤 파드도 축출할 수 없습니다.".into(), subject, "", *counts)
        }
        Reason::EvictionRefused { budget, counts } => {
            let verdict = format!("{} 중단을 허용하지 않아 {} 축출되지 않습니다.", subject_of(budget), topic(subject));
            let more = " `kubectl drain`은 5초마다 다시 요청합니다.";
            lets_go(verdict, budget, more, *counts)
        }
        Reason::NoPodsSelected => Told::done(format!("{} 선택하는 파드가 없습니다.", subject_of(subject)), ""),
        Reason::BudgetUnclear { error } => {
            Told::done(format!("{} 계산할 수 없습니다.", topic(subject)), format!("컨트롤러의 메시지: `{error}`."))
        }
        Reason::Slices(slices) => shared::slices(subject, slices),
        Reason::Endpoints(upkeep) => shared::endpoints(subject, *upkeep),
        Reason::Mirroring(mirroring) => shared::mirroring(subject, *mirroring),
        // Namespaces
        Reason::Emptying(emptying) => shared::emptying(subject, *emptying),
        // Scheduling
        Reason::Unschedulable { message, .. } => {
            Told::done(format!("<{subject}>에 맞는 노드가 없습니다."), format!("스케줄러가 찾지 못했습니다: `{message}`"))
                .until("맞는 노드가 생길 때")
        }
        Reason::SchedulingGated(gates) => shared::scheduling_gates(case, gates),
        Reason::WaitsForVolumes { node } => Told::done(
            format!("{} 볼륨을 기다립니다.", topic(subject)),
            format!("스케줄러가 <{node}> 노드를 골랐고, 볼륨이 준비되면 파드를 바인딩합니다."),
        )
        .until("볼륨이 바인딩될 때"),
        Reason::WaitsForPreempted { node, count } => Told::done(
            format!("{} <{node}> 노드의 파드 {count}개를 선점합니다.", topic(subject)),
            "빈자리가 있는 노드가 없고, 이 파드의 우선순위가 더 높습니다. 밀려나는 파드는 종료 요청과 유예 기간을 받습니다.",
        )
        .until("그 파드가 모두 사라질 때"),
        Reason::Preempted { by, node } => Told::done(
            format!("{} <{by}> 파드에 선점됩니다.", topic(subject)),
            format!("<{by}> 파드는 우선순위가 더 높고 다른 곳에 자리가 없어, 스케줄러가 <{node}> 노드에 자리를 내려고 이 파드를 삭제합니다."),
        )
        .until("컨테이너가 멈출 때"),
        Reason::Assigned { node } => {
            Told::done(format!("{} <{node}> 노드에 배정되었습니다.", topic(subject)), format!("이제 <{node}> 노드의 kubelet이 맡습니다."))
        }
        // Storage
        Reason::WaitsForFirstConsumer => {
            no_volume(subject, "이 스토리지클래스는 클레임을 쓸 파드가 노드에 배정되어야 볼륨을 만듭니다.")
                .until("그런 파드가 배정될 때")
        }
        Reason::NoStorageClass => no_volume(subject, "스토리지클래스를 지정하지 않았고 기본 스토리지클래스도 없습니다.")
            .until("기본 스토리지클래스가 생길 때"),
        Reason::StorageClassNotFound { class } => no_volume(subject, format!("<{class}> 스토리지클래스가 없습니다."))
            .until(format!("<{class}> 스토리지클래스가 생기거나, 클레임을 다른 클래스로 다시 만들 때")),
        Reason::WaitsForProvisioner { provisioner } => {
            no_volume(subject, format!("`{provisioner}`{} 볼륨을 생성 중입니다.", Josa::Subject.after(provisioner)))
                .until("볼륨이 생길 때")
        }
        Reason::VolumeGoes { volume } => no_volume(
            subject,
            format!("<{volume}> 볼륨이 삭제되는 중입니다. 클레임보다 먼저 `Bound`가 되어 사용 중으로 남고, 다른 볼륨은 만들어지지 않습니다."),
        )
        .until("클레임을 삭제하고 다시 만들 때"),
        Reason::NoVolumeFits => {
            no_volume(subject, "맞는 빈 볼륨이 없고, 이 클래스는 볼륨을 스스로 만들지 않습니다.").until("맞는 볼륨이 생길 때")
        }
        Reason::WaitsForVolume { volume } => {
            no_volume(subject, format!("요청한 <{volume}> 볼륨이 없습니다.")).until(format!("<{volume}> 볼륨이 생길 때"))
        }
        Reason::ReclaimsVolume => {
            Told::done(format!("{} 삭제됩니다.", subject_of(subject)), "클레임이 사라졌고 반환 정책이 Delete입니다.")
        }
        Reason::VolumeLost { volume } => {
            Told::done(format!("{} 볼륨을 잃었습니다.", topic(subject)), format!("<{volume}> 볼륨이 더 이상 없습니다. 디스크의 데이터는 그대로 남아 있어 이미 마운트한 파드는 계속 쓰지만, 새 파드는 시작하지 못합니다."))
                .until(format!("<{volume}> 볼륨을 다시 만들 때"))
        }
        Reason::NoProvisionerRuns { provisioner } => no_volume(
            subject,
            format!("스토리지클래스의 프로비저너 `{provisioner}`{} 이 클러스터에서 실행되고 있지 않습니다. 실제 클러스터에서는 따로 설치해야 합니다.", Josa::Subject.after(provisioner)),
        )
        .until("프로비저너가 실행되거나, 클레임을 위한 볼륨을 직접 만들 때"),
        Reason::ProvisionerRefuses { error } => no_volume(subject, format!("프로비저너의 메시지: `{error}`."))
            .until("클레임이 그 스토리지클래스로 만들 수 있는 것을 요청하거나, 클레임을 위한 볼륨을 직접 만들 때"),
        Reason::VolumeDoesNotSuit { volume, why } => {
            no_volume(subject, format!("{} 요청했습니다. 컨트롤러의 메시지: `{why}`.", object(volume)))
                .until(format!("{} 요청에 맞을 때", subject_of(volume)))
        }
        Reason::VolumeStays { error } => Told::done(
            format!("{} 클레임과 함께 삭제되지 않습니다.", topic(subject)),
            format!("아무도 지울 수 없습니다. 컨트롤러의 메시지: `{error}`."),
        ),
        Reason::ClaimBound { volume } => {
            Told::done(format!("{} <{volume}> 볼륨에 바인딩되었습니다.", topic(subject)), "클레임은 존재하는 동안 같은 볼륨을 유지합니다.")
        }
        Reason::ClaimInUse { pod } => {
            Told::done(format!("{} 삭제 중이지만 아직 남아 있습니다.", topic(subject)), format!("{} 사용 중입니다.", subject_of(pod)))
                .until(format!("{} 사라질 때", subject_of(pod)))
        }
        Reason::VolumeInUse { claim } => Told::done(
            format!("{} 삭제 중이지만 아직 남아 있습니다.", topic(subject)),
            format!("{} 바인딩되어 있습니다.", subject_of(&claim.name)),
        )
        .until(format!("{} 사라질 때", subject_of(&claim.name))),
        Reason::VolumeTaken { volume, by } => {
            let other = format!("{}/{}", by.namespace, by.name);
            no_volume(subject, format!("<{volume}> 볼륨을 지정했지만, {} 이미 쓰고 있습니다.", subject_of(&other)))
                .until(format!("<{volume}> 볼륨을 쓸 수 있게 될 때"))
        }
        Reason::AttachesVolume { volume, node } => Told::done(
            format!("{} 볼륨을 기다립니다.", topic(subject)),
            format!("{} <{node}> 노드에 연결하는 중이며, 드라이버가 작업하는 데 몇 초 걸립니다.", object(volume)),
        )
        .brief(format!("{} 연결하는 중", object(volume)))
        .until(format!("{} 연결될 때", subject_of(volume))),
        Reason::VolumeAttached { volume } => {
            Told::done(format!("{} 연결되었습니다.", subject_of(volume)), format!("이제 <{subject}>의 노드에서 마운트할 수 있습니다."))
        }
        Reason::WaitsForDetach { volume, node } => Told::done(
            format!("{} 시작하지 못합니다: 볼륨이 <{node}> 노드에 연결되어 있습니다.", topic(subject)),
            format!("{} 한 번에 한 노드에만 연결할 수 있어, <{node}> 노드에서 먼저 분리되어야 합니다.", topic(volume)),
        )
        .brief(format!("{} <{node}> 노드에 있음", topic(volume)))
        .until(format!("{} <{node}> 노드에서 분리될 때", subject_of(volume))),
        Reason::WaitsForUnmount { node } => Told::done(
            format!("{} <{node}> 노드에 연결된 채 남아 있습니다.", topic(subject)),
            "그 노드의 kubelet이 마운트를 해제했다고 알리지 않았습니다. 응답하지 않는 노드에서는 6분 뒤에, 그 노드가 out-of-service로 표시되면 \
             곧바로 강제로 분리합니다.",
        )
        .until(format!("<{node}> 노드가 마운트 해제를 알리거나, 응답 없이 6분이 지날 때")),
        Reason::DetachesVolume { node, forced: false } => {
            Told::done(format!("{} <{node}> 노드에서 분리하는 중입니다.", object(subject)), "그 노드에는 이 볼륨을 쓸 파드가 없습니다.")
        }
        Reason::DetachesVolume { node, forced: true } => Told::done(
            format!("{} <{node}> 노드에서 강제로 분리합니다.", object(subject)),
            "그 노드에 아직 마운트되어 있는지 아무도 모릅니다. 머신이 동작 중이라면 두 곳에서 동시에 쓸 수 있습니다.",
        ),
        // Kubelet
        Reason::StartingContainers => {
            Told::done(format!("{} 시작하는 중입니다.", subject_of(subject)), "kubelet이 네트워크, 볼륨, 컨테이너를 준비합니다.")
                .until("컨테이너가 실행될 때")
        }
        Reason::InitContainerRuns { container } => Told::done(
            format!("{} 아직 초기화되지 않았습니다.", topic(subject)),
            format!("`{container}` 초기화 컨테이너가 실행 중입니다. 정상 종료되어야(사이드카라면 시작되어야) 다음 컨테이너가 시작됩니다."),
        )
        .brief(format!("{} {container} 컨테이너를 기다림", subject_of(subject)))
        .until(format!("`{container}` 컨테이너가 할 일을 마칠 때")),
        Reason::MissingReference { error, missing, backs_off } => {
            let (lacks, there) = lacking(missing);
            let again = if *backs_off { "간격을 점점 늘려 가며" } else { "10~15초마다" };
            Told::done(
                format!("{} 시작하지 못합니다: {lacks}.", topic(subject)),
                format!("kubelet의 메시지: `{error}`. kubelet은 {again} 다시 확인합니다."),
            )
            .until(format!("{there} 새 파드가 이를 참조하지 않을 때"))
        }
        Reason::MayNotGrow { class, size } => Told::done(
            format!("{} {size}로 확장되지 않습니다.", topic(subject)),
            format!("<{class}> 클래스에 `allowVolumeExpansion: true`가 없어, API 서버가 더 큰 요청을 거부합니다."),
        )
        .until(format!("<{class}> 클래스가 확장을 허용하고 누군가 다시 요청할 때")),
        Reason::InvalidImageName { image, error } => Told::done(
            format!("{} 시작하지 못합니다: `{image}`{} 올바른 이미지 이름이 아닙니다.", topic(subject), Josa::Topic.after(image)),
            format!(
                "kubelet의 메시지: `{error}`. kubelet은 10~15초마다 다시 시도하지만, 이런 이름의 이미지는 있을 수 없으므로 계속 실패합니다."
            ),
        )
        .until("이 파드나 새 파드가 다른 이미지를 지정할 때"),
        Reason::WaitsForClaim(claim, error) => Told::done(
            format!("{} 시작하지 못합니다: 볼륨이 없습니다.", topic(subject)),
            format!("<{claim}> 클레임에 대한 kubelet의 메시지: `{error}`. kubelet은 10~15초마다 다시 확인합니다."),
        )
        .until(format!("<{claim}> 클레임이 바인딩될 때")),
        Reason::ImagePullFails { image } => Told::done(
            format!("{} 시작하지 못합니다: 이미지를 가져올 수 없습니다.", topic(subject)),
            format!("`{image}` 이미지를 구할 수 없습니다. kubelet은 간격을 점점 늘려 가며 다시 시도합니다."),
        )
        .until("이미지를 가져올 수 있거나 새 파드가 다른 이미지를 지정할 때"),
        Reason::CrashLoop { container, exit_code } => Told::done(
            format!("{} 계속 실행되지 못합니다.", topic(subject)),
            format!(
                "`{container}` 컨테이너가 시작할 때마다 곧 종료됩니다(종료 코드 {exit_code}). kubelet은 재시작 간격을 점점 늘립니다."
            ),
        )
        .until("컨테이너가 계속 실행될 때"),
        Reason::CannotStart { container, error } => Told::done(
            format!("<{subject}>에 시작할 수 없는 컨테이너가 있습니다."),
            format!(
                "`{container}` 컨테이너가 실행하려는 프로그램이 없습니다: `{error}`. kubelet은 간격을 점점 늘려 가며 다시 시도합니다."
            ),
        )
        .brief(format!("{container} 시작 불가"))
        .until("템플릿이 실제로 있는 프로그램을 지정할 때"),
        Reason::PastDeadline { seconds } => Told::done(
            format!("{} 허용된 시간을 넘겨 실행되었습니다.", topic(subject)),
            format!("노드에서 `activeDeadlineSeconds`({seconds}초)보다 오래 실행되어 kubelet이 완전히 종료합니다."),
        ),
        Reason::OutOfMemory { container, limit } => Told::done(
            format!("{} 계속 실행되지 못합니다.", topic(subject)),
            format!(
                "`{container}` 컨테이너가 시작할 때마다 메모리 한도 `{limit}`{} 넘어 강제로 종료됩니다. kubelet은 재시작 간격을 점점 늘립니다.",
                Josa::Object.after(limit)
            ),
        )
        .until("컨테이너가 메모리를 덜 쓰거나 템플릿이 한도를 늘릴 때"),
        Reason::HookRuns { container } => Told::done(
            format!("{} 아직 실행 중으로 간주되지 않습니다.", topic(subject)),
            format!("`{container}` 컨테이너의 `postStart` 훅이 먼저 끝나야 합니다. 그 뒤의 컨테이너는 그때까지 시작하지 않습니다."),
        )
        .brief(format!("{container} 훅 실행 중"))
        .until("훅이 끝날 때"),
        Reason::HookFailed { container } => Told::done(
            format!("<{subject}>의 컨테이너를 재시작하는 중입니다."),
            format!(
                "`{container}` 컨테이너의 `postStart` 훅이 실패했습니다. kubelet은 컨테이너를 종료하고, 간격을 점점 늘려 가며 재시작합니다."
            ),
        )
        .brief(format!("{container} 훅 실패"))
        .until("훅이 성공하거나 템플릿이 다른 훅을 지정할 때"),
        Reason::FailedProbe { container, probe } => {
            let probe = probe_word(*probe);
            Told::done(
                format!("<{subject}>의 컨테이너를 재시작하는 중입니다."),
                format!(
                    "`{container}` 컨테이너가 {probe}에 여러 번 실패했습니다. kubelet은 유예 기간까지 종료를 기다렸다가 재시작하고, 실패가 잦으면 재시작 간격을 늘립니다."
                ),
            )
            .brief(format!("{container} {probe} 실패"))
            .until("컨테이너의 프로브가 성공할 때")
        }
        Reason::ReadinessGatesClosed(gates) => shared::readiness_gates(subject, gates),
        Reason::NotReadyYet => {
            Told::done(format!("{} Running이지만 Ready가 아닙니다.", topic(subject)), "준비성 프로브가 아직 성공하지 않았습니다.")
                .until("프로브가 성공할 때")
        }
        Reason::ProbeFails { container, probe, said } => {
            let probe = probe_word(*probe);
            let said = if said.is_empty() { String::new() } else { format!(" `{said}`") };
            Told::done(
                format!("{} Running이지만 Ready가 아닙니다.", topic(subject)),
                format!("`{container}` 컨테이너의 {probe}가 실패하고 있습니다.{said}"),
            )
            .brief(format!("{container} {probe} 실패"))
            .until("프로브가 성공할 때")
        }
        Reason::SupposedReady { image } => Told::done(
            format!("{} Ready입니다.", topic(subject)),
            format!(
                "컨테이너가 실행 중입니다. `{image}` 이미지가 요청을 어떻게 처리하는지는 시뮬레이션하지 않으며, 선언한 포트와 프로브가 확인하는 포트에서 정상 응답하는 것으로 간주합니다."
            ),
        ),
        Reason::PodIsReady => Told::done(
            format!("{} Ready입니다.", topic(subject)),
            "컨테이너가 실행 중이고 준비된 것이 확인되어, 이 파드를 선택하는 서비스가 파드를 게시합니다.",
        ),
        Reason::ProcessesEnded => Told::done(format!("{} 끝났습니다.", topic(subject)), "프로세스가 모두 끝났고 다시 시작하지 않습니다."),
        Reason::StoppingContainers => Told::done(
            format!("{} 종료되는 중입니다.", subject_of(subject)),
            "프로세스에 종료를 요청했습니다. kubelet은 길어도 유예 기간까지만 기다립니다.",
        )
        .until("프로세스가 끝나거나 유예 기간이 지날 때"),
        Reason::NodeIsSilent { node } => Told::done(
            format!("{} 아직 실행 중인지 아무도 모릅니다.", subject_of(subject)),
            format!("<{node}> 노드가 응답하지 않아, 파드가 끝났는지 확인해 줄 kubelet이 없습니다."),
        )
        .until(format!("<{node}> 노드가 복구되거나, 복구되지 않는다고 누군가 알릴 때")),
        // Deletion
        Reason::OwnerGone(owner) => {
            Told::done(format!("{} 삭제됩니다.", subject_of(subject)), format!("소유자인 {} 사라졌습니다.", subject_of(owner)))
        }
        Reason::OwnerOfUnknownKind(kind) => Told::done(
            format!("{} 그대로 남습니다.", topic(subject)),
            format!("이 클러스터는 `{kind}` 종류를 모르므로, 소유자가 있는지 알 수 없습니다."),
        ),
        Reason::WaitsForDependents { count } => {
            Told::done(format!("{} 삭제 중이지만 아직 남아 있습니다.", topic(subject)), format!("소유한 오브젝트 {count}개를 기다립니다."))
                .until("그 오브젝트가 모두 사라질 때")
        }
        Reason::OrphansDependents => {
            Told::done(format!("{} 소유한 오브젝트를 놓아줍니다.", topic(subject)), "`--cascade=orphan`으로 삭제되었습니다.")
        }
        Reason::HeldByFinalizer { finalizer } => {
            Told::done(format!("{} 삭제 중이지만 아직 남아 있습니다.", topic(subject)), format!("`{finalizer}` 파이널라이저 때문입니다."))
                .until("파이널라이저를 추가한 쪽이 제거할 때")
        }
        Reason::Upkeep(done) => upkeep(subject, done),
    }
}
