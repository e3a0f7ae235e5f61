//! The words of the command line that the page does not have, in each language.

mod matter;

use ordinal::plan::Finding;
use ordinal::text::Lang;
use ordinal::text::risks::Harm;

/// The words in a language.
#[derive(Clone, Copy)]
pub struct Words(pub Lang);

impl Words {
    fn of(self, english: &'static str, korean: &'static str) -> &'static str {
        match self.0 {
            Lang::English => english,
            Lang::Korean => korean,
        }
    }

    pub fn is_seen(self) -> &'static str {
        self.of("How it is seen", "어떻게 보이나")
    }

    pub fn ends(self) -> &'static str {
        self.of("What ends it", "무엇으로 끝나나")
    }

    pub fn prevents(self) -> &'static str {
        self.of("What is tried to prevent it", "막아 보려고 시험하는 변경")
    }

    pub fn lesson(self) -> &'static str {
        self.of("The lesson that shows it", "보여 주는 수업")
    }

    pub fn change(self) -> &'static str {
        self.of("A change", "변경")
    }

    pub fn manifest(self) -> &'static str {
        self.of("A fault of the manifest", "매니페스트의 결함")
    }

    /// Where a fault of a manifest is seen.
    pub(crate) fn of_risks(self) -> &'static str {
        self.of("`ordinal risks` names the line before it searches.", "`ordinal risks`가 검색하기 전에 그 줄을 알려 줍니다.")
    }

    /// What ends a fault of a manifest.
    pub(crate) fn change_field(self) -> &'static str {
        self.of("Change one of the two fields that contradict each other.", "서로 어긋나는 두 필드 중 하나를 바꿉니다.")
    }

    pub fn objects(self) -> &'static str {
        self.of(
            "No message says so: the diagnosis reads it from the objects of a dump.",
            "알려 주는 메시지가 없습니다. 진단이 덤프의 오브젝트에서 읽어 냅니다.",
        )
    }

    /// That a finding is accepted, and why.
    pub fn accepted(self, id: &str, workload: &str, reason: &str) -> String {
        match self.0 {
            Lang::English => format!("Accepted: {id} of {workload}: {reason}"),
            Lang::Korean => format!("받아들임: {workload}의 {id}: {reason}"),
        }
    }

    /// How many manifests were checked, and what was found.
    pub fn checked(self, manifests: usize, found: usize, accepted: usize) -> String {
        match self.0 {
            Lang::English => format!("Manifests with a StatefulSet: {manifests}. Findings: {found}, of which {accepted} accepted."),
            Lang::Korean => format!("StatefulSet이 있는 매니페스트 {manifests}개, 발견 {found}개, 그중 받아들인 것 {accepted}개."),
        }
    }

    /// By which tool a change is planned, and the file that shows it.
    pub(crate) fn applied_by(self, tool: &str, file: &str) -> String {
        match self.0 {
            Lang::English => format!("The change is planned as {tool} applies it: {file} shows that."),
            Lang::Korean => format!("{tool}의 적용 방식으로 변경을 계획했습니다. 근거: {file}."),
        }
    }

    /// That a set is gone from a repository, and whether its data goes where somebody prunes.
    pub fn gone(self, set: &str, loses: bool) -> String {
        match (self.0, loses) {
            (Lang::English, false) => {
                format!("{set} is gone from the repository: `kubectl apply` leaves it, and Helm, or GitOps that prunes, stops its pods.")
            }
            (Lang::English, true) => format!(
                "{set} is gone from the repository: `kubectl apply` leaves it, and Helm, or GitOps that prunes, stops its pods and deletes its data \
                 by `whenDeleted: Delete`."
            ),
            (Lang::Korean, false) => {
                format!("저장소에서 사라짐: {set}. `kubectl apply`는 그대로 두고, Helm이나 정리하는 GitOps는 파드를 멈춥니다.")
            }
            (Lang::Korean, true) => format!(
                "저장소에서 사라짐: {set}. `kubectl apply`는 그대로 두고, Helm이나 정리하는 GitOps는 파드를 멈추고 \
                 `whenDeleted: Delete`에 따라 데이터를 지웁니다."
            ),
        }
    }

    /// What stands before what findings rest on.
    pub fn rests(self) -> &'static str {
        self.of("What this rests on", "이 결과의 전제")
    }

    /// What stands before what pruning does.
    pub fn pruned(self) -> &'static str {
        self.of("Where it is pruned:", "정리될 때:")
    }

    pub fn otherwise(self) -> &'static str {
        self.of(
            "`ordinal plan` tells the way round that was tried, if there is one.",
            "시험해 본 우회 방법이 있으면 `ordinal plan`이 알려 줍니다.",
        )
    }

    /// The command that shows a finding of a plan.
    pub fn plan(self, finding: &str) -> String {
        match self.0 {
            Lang::English => format!("`ordinal plan BEFORE AFTER --fail-on {finding}` ends with 1."),
            Lang::Korean => format!("`ordinal plan BEFORE AFTER --fail-on {finding}`의 종료 코드가 1입니다."),
        }
    }

    /// Where a matter of a plan is seen.
    pub(crate) fn of_plan(self) -> &'static str {
        self.of("`ordinal plan BEFORE AFTER` names it before the sets.", "`ordinal plan BEFORE AFTER`가 스테이트풀셋보다 먼저 알려 줍니다.")
    }

    /// Where it is seen that a set is gone.
    pub(crate) fn of_check(self) -> &'static str {
        self.of("`ordinal check --base REF` names the set.", "`ordinal check --base REF`가 그 스테이트풀셋을 알려 줍니다.")
    }

    /// What a finding of a plan is.
    pub fn finding(self, finding: Finding) -> &'static str {
        match finding {
            Finding::Unavailable => self.of(
                "The change leaves a set without a Ready pod, or without its majority, for some time.",
                "변경하는 동안 Ready 파드나 과반수가 한동안 없습니다.",
            ),
            Finding::Unjudged => self.of(
                "Something decides of which nobody here can tell whether it goes well.",
                "잘될지 여기서는 판단할 수 없는 것이 결정합니다.",
            ),
            Finding::Quorum => self.of(
                "The change takes the majority that members need, or all pods of a set at once.",
                "변경하는 동안 멤버에게 필요한 과반수나 세트의 모든 파드가 한꺼번에 없습니다.",
            ),
            Finding::Stuck => {
                self.of("The change ends where somebody has to act, or does not end.", "사람이 나서야 끝나거나, 끝나지 않습니다.")
            }
            Finding::Refused => self.of("The API server refuses a part of the change.", "API 서버가 변경의 일부를 거부합니다."),
            Finding::Data => self.of("The change loses a volume or what is on it.", "볼륨이나 그 안의 데이터를 잃습니다."),
        }
    }

    /// How a kind of finding is seen in a cluster.
    pub fn seen(self, harm: Harm) -> &'static str {
        match harm {
            Harm::DataLost => self.of(
                "A client reads older data than was acknowledged, or none, after the pod came back.",
                "파드가 돌아온 뒤, 응답까지 받은 쓰기가 보이지 않습니다.",
            ),
            Harm::VolumeDeleted => self.of(
                "`kubectl get pv` no longer has the volume, or the claim has a new one.",
                "`kubectl get pv`에 볼륨이 없거나, 클레임에 새 볼륨이 붙어 있습니다.",
            ),
            Harm::Fleeting => self.of(
                "The pod's folder is empty after a restart, and no claim exists for it.",
                "다시 시작한 뒤 폴더가 비어 있고, 클레임도 없습니다.",
            ),
            Harm::TwoWriters => self.of(
                "`kubectl get pod -o wide` shows the pod on one node, while its old process still runs on another machine.",
                "`kubectl get pod -o wide`에는 파드가 한 노드에 있지만, 옛 프로세스가 다른 기계에서 계속 돕니다.",
            ),
            Harm::QuorumLost => self.of(
                "Members log that they have no leader, and writes time out.",
                "멤버의 로그에 리더가 없다고 나오고, 쓰기가 시간을 넘깁니다.",
            ),
            Harm::RollbackTrap => self.of(
                "`kubectl rollout undo` succeeds, and the broken pod keeps its old revision.",
                "`kubectl rollout undo`는 성공하지만, 고장 난 파드가 옛 리비전에 남습니다.",
            ),
            Harm::ReadinessDeadlock => self.of(
                "Pods are Running and never Ready; their logs cannot resolve the names of their peers.",
                "파드가 Running이지만 Ready가 되지 않고, 로그에서 서로의 이름을 찾지 못합니다.",
            ),
            Harm::VolumePinned => self.of(
                "A pod is Pending; its Event says `volume node affinity conflict`.",
                "파드가 Pending이고, 이벤트에 `volume node affinity conflict`가 있습니다.",
            ),
            Harm::Terminating => self.of(
                "`kubectl get pod` shows Terminating for as long as the node is NotReady.",
                "노드가 NotReady인 동안 `kubectl get pod`에 Terminating이 계속 보입니다.",
            ),
            Harm::DrainEndless => self.of(
                "`kubectl drain` repeats: Cannot evict pod as it would violate the pod's disruption budget.",
                "`kubectl drain`이 Cannot evict pod as it would violate the pod's disruption budget을 되풀이합니다.",
            ),
            Harm::OnDelete => self.of(
                "`kubectl get sts -o yaml` shows two revisions long after the change.",
                "변경한 지 오래되어도 `kubectl get sts -o yaml`에 리비전이 둘 있습니다.",
            ),
            Harm::Stuck => self.of(
                "The set never has as many Ready pods as it should; `ordinal diagnose` names the cause.",
                "Ready 파드 수가 모자란 채로 남습니다. 원인은 `ordinal diagnose`가 알려 줍니다.",
            ),
            Harm::Together => self.of(
                "`kubectl get pod -o wide` shows several pods of the set on one node.",
                "`kubectl get pod -o wide`에서 여러 파드가 한 노드에 있습니다.",
            ),
            Harm::Unavailable => self.of("The Service of the set has no endpoint for that time.", "그동안 서비스의 엔드포인트가 없습니다."),
        }
    }
}

/// The word that is most like another, if one is near.
pub fn nearest(word: &str, all: impl Iterator<Item = String>) -> Option<String> {
    let likeness = |one: String| (strsim::jaro_winkler(word, &one), one);
    let (likeness, near) = all.map(likeness).max_by(|(a, _), (b, _)| a.total_cmp(b))?;
    (likeness > NEAR).then_some(near)
}

/// A word that is at least so much like another is meant.
const NEAR: f64 = 0.8;
