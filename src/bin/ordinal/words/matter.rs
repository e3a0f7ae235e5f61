//! What surprises people of a change: what it is, and what to do about it.

use ordinal::plan::report::Matter;

use super::Words;

/// What a matter is, and what to do about it, in English and in Korean.
struct Row {
    matter: Matter,
    is: [&'static str; 2],
    remedy: [&'static str; 2],
}

/// One row a matter.
const ROWS: [Row; Matter::ALL.len()] = [
    Row {
        matter: Matter::Fails,
        is: ["A line of the change fails by itself; no API server refuses it.", "변경의 한 줄이 API 서버의 거부 없이 스스로 실패합니다."],
        remedy: ["Correct the line.", "그 줄을 고칩니다."],
    },
    Row {
        matter: Matter::NotDone,
        is: [
            "Lines come after one that failed: a shell types them all the same, a script that stops at a failure does not.",
            "실패한 줄 뒤에 줄이 더 있습니다. 셸은 그대로 실행하고, 실패에서 멈추는 스크립트는 실행하지 않습니다.",
        ],
        remedy: ["Correct the line that failed.", "실패한 줄을 고칩니다."],
    },
    Row {
        matter: Matter::LeftOut,
        is: ["Objects are left out, since nothing defines their kind.", "종류의 정의가 없는 오브젝트는 제외합니다."],
        remedy: ["Give the CustomResourceDefinition as well, if they matter.", "필요하면 CustomResourceDefinition도 함께 줍니다."],
    },
    Row {
        matter: Matter::Supposed,
        is: [
            "An image is taken to be there and to get Ready, although no pod of the dump has run it.",
            "덤프의 어떤 파드도 실행한 적이 없는 이미지를, 있고 Ready가 된다고 봅니다.",
        ],
        remedy: ["Look whether the registry has the image.", "레지스트리에 그 이미지가 있는지 확인합니다."],
    },
    Row {
        matter: Matter::Empty,
        is: ["New claims begin empty, while the data stays in other claims.", "새 클레임은 비어 있고, 데이터는 다른 클레임에 남습니다."],
        remedy: [
            "Keep the name of the set and of its claim templates, or copy the data first.",
            "스테이트풀셋과 클레임 템플릿의 이름을 그대로 두거나, 먼저 데이터를 복사합니다.",
        ],
    },
    Row {
        matter: Matter::TookClaims,
        is: [
            "A set that was deleted took its claims along, although another of its name came.",
            "삭제된 스테이트풀셋이, 같은 이름의 새 스테이트풀셋이 왔는데도, 클레임을 함께 지웠습니다.",
        ],
        remedy: ["Set `whenDeleted: Retain` before the set is deleted.", "삭제하기 전에 `whenDeleted: Retain`을 설정합니다."],
    },
    Row {
        matter: Matter::UnlikeClaims,
        is: ["Claims that exist are not what their template asks for.", "이미 있는 클레임이 템플릿과 다릅니다."],
        remedy: ["Change the claims themselves, as far as their class allows that.", "클래스가 허용하는 만큼 클레임 자체를 바꿉니다."],
    },
    Row {
        matter: Matter::UnusedClaims,
        is: ["No pod uses claims any more that keep data.", "데이터가 있는 클레임을 더는 어떤 파드도 쓰지 않습니다."],
        remedy: ["Take out what is still needed before the change.", "변경 전에 필요한 데이터를 옮깁니다."],
    },
    Row {
        matter: Matter::NewMajor,
        is: ["An image gets the data that another major version of it wrote.", "이미지가 다른 메이저 버전이 쓴 데이터를 받습니다."],
        remedy: [
            "Read how the application is upgraded, and save the data first.",
            "애플리케이션의 업그레이드 방법을 읽고, 먼저 데이터를 백업합니다.",
        ],
    },
    Row {
        matter: Matter::Overlap,
        is: ["The selector of a set matches pods of another workload.", "스테이트풀셋의 셀렉터가 다른 워크로드의 파드와도 맞습니다."],
        remedy: [
            "Give each workload labels of its own; the selector of a set can only be set when it is created.",
            "워크로드마다 고유한 레이블을 줍니다. 스테이트풀셋의 셀렉터는 만들 때만 정할 수 있습니다.",
        ],
    },
    Row {
        matter: Matter::NoNames,
        is: [
            "Names of pods do not resolve, as no Service of that name leads there.",
            "그 이름의 서비스가 없어 파드의 이름을 찾지 못합니다.",
        ],
        remedy: ["Bring the Service that `serviceName` names.", "`serviceName`이 가리키는 서비스를 둡니다."],
    },
    Row {
        matter: Matter::OldNames,
        is: ["Pods still have the subdomain of another Service.", "파드의 서브도메인이 아직 다른 서비스의 것입니다."],
        remedy: ["Have each pod made anew: `kubectl rollout restart`.", "`kubectl rollout restart`로 파드를 모두 새로 만듭니다."],
    },
    Row {
        matter: Matter::Writers,
        is: ["Two processes run as one pod, and both may write.", "두 프로세스가 한 파드로 실행되고, 둘 다 쓸 수 있습니다."],
        remedy: [
            "Do not delete a pod by force before its node is known to be off.",
            "노드가 꺼진 것이 확실하기 전에는 파드를 강제로 삭제하지 않습니다.",
        ],
    },
    Row {
        matter: Matter::Doomed,
        is: ["A claim goes with the pod that still keeps it.", "클레임이, 아직 그것을 붙들고 있는 파드와 함께 사라집니다."],
        remedy: [
            "Copy the data, or set the reclaim policy of the volume to Retain, before that pod goes.",
            "그 파드가 사라지기 전에 데이터를 복사하거나, 볼륨의 회수 정책을 Retain으로 바꿉니다.",
        ],
    },
    Row {
        matter: Matter::Unapplied,
        is: [
            "`kubectl apply` leaves what the new manifest lacks; Helm, and GitOps that prunes, delete that.",
            "`kubectl apply`는 새 매니페스트에 없는 것을 그대로 두고, Helm과 정리하는 GitOps는 삭제합니다.",
        ],
        remedy: ["Delete it by hand, or keep it in the manifest.", "직접 삭제하거나, 매니페스트에 남깁니다."],
    },
    Row {
        matter: Matter::Pruned,
        is: ["Where the rest is pruned, claims and their data go with it.", "남은 것을 정리하면 클레임과 그 데이터도 사라집니다."],
        remedy: [
            "Set `whenDeleted: Retain` on the set, or the reclaim policy Retain on the volumes, first.",
            "먼저 스테이트풀셋에 `whenDeleted: Retain`을, 또는 볼륨에 회수 정책 Retain을 설정합니다.",
        ],
    },
    Row {
        matter: Matter::Stays,
        is: ["An object that was told to go stays.", "삭제를 요청받은 오브젝트가 남습니다."],
        remedy: ["End what holds it; the report names that.", "보고서가 말하는, 붙들고 있는 것을 끝냅니다."],
    },
    Row {
        matter: Matter::Gone,
        is: [
            "A set is gone from the repository: `kubectl apply` leaves it, and GitOps that prunes deletes it.",
            "스테이트풀셋이 저장소에서 사라졌습니다. `kubectl apply`는 그대로 두고, 정리하는 GitOps는 삭제합니다.",
        ],
        remedy: [
            "If its data is still needed, set `whenDeleted: Retain` first, or leave the manifest.",
            "데이터가 필요하면 먼저 `whenDeleted: Retain`을 설정하거나, 매니페스트를 남깁니다.",
        ],
    },
    Row {
        matter: Matter::Untried,
        is: [
            "An image that failed before is taken to get Ready, since it runs something else now.",
            "전에 실패한 이미지가 이제 다른 것을 실행하므로 Ready가 된다고 봅니다.",
        ],
        remedy: ["Try the image as it will run before the change.", "변경하기 전에 그대로 실행해 봅니다."],
    },
    Row {
        matter: Matter::KeptBy,
        is: [
            "Who deletes what a new manifest lacks leaves this, by an annotation.",
            "새 매니페스트에 없어도 애너테이션 때문에 지우지 않습니다.",
        ],
        remedy: ["Delete it by hand where it is to go.", "없애려면 직접 삭제합니다."],
    },
    Row {
        matter: Matter::NoReplicas,
        is: [
            "A manifest no longer says `replicas`: the field is taken away, and the default is 1.",
            "매니페스트에 `replicas`가 없어져 필드가 사라지고, 기본값은 1입니다.",
        ],
        remedy: [
            "Take `replicas` out of the last-applied configuration first: `kubectl apply edit-last-applied`.",
            "먼저 `kubectl apply edit-last-applied`로 마지막 적용 설정에서 `replicas`를 지웁니다.",
        ],
    },
    Row {
        matter: Matter::Autoscaled,
        is: ["An autoscaler decides how many replicas there are.", "오토스케일러가 레플리카 수를 정합니다."],
        remedy: [
            "Leave `replicas` out of the manifest, or change the autoscaler.",
            "매니페스트에서 `replicas`를 빼거나 오토스케일러를 바꿉니다.",
        ],
    },
    Row {
        matter: Matter::NoQuorum,
        is: [
            "Of the members that the settings name, fewer than a majority are left.",
            "설정에 이름이 있는 멤버 중 과반수가 남지 않습니다.",
        ],
        remedy: [
            "Let the members that go leave their cluster first, one after another.",
            "없어질 멤버를 먼저 하나씩 클러스터에서 탈퇴시킵니다.",
        ],
    },
    Row {
        matter: Matter::Released,
        is: [
            "A volume keeps the old data as Released, and no claim binds it again by itself.",
            "볼륨이 옛 데이터를 가진 채 Released로 남고, 어떤 클레임도 스스로 다시 바인딩하지 않습니다.",
        ],
        remedy: [
            "Free the volume and name it in the claim (`volumeName`) before the claim is made.",
            "클레임을 만들기 전에 볼륨을 풀고 클레임의 `volumeName`에 적습니다.",
        ],
    },
    Row {
        matter: Matter::Unmarked,
        is: [
            "Claims that exist lack labels or annotations that their template writes into new ones.",
            "이미 있는 클레임에, 템플릿이 새 클레임에 쓰는 레이블이나 애너테이션이 없습니다.",
        ],
        remedy: ["Write them into the claims by hand.", "클레임에 직접 씁니다."],
    },
    Row {
        matter: Matter::Unread,
        is: [
            "Running pods keep settings that changed until they are made anew.",
            "실행 중인 파드는 새로 만들 때까지 바뀐 설정을 쓰지 않습니다.",
        ],
        remedy: ["Have each pod made anew: `kubectl rollout restart`.", "`kubectl rollout restart`로 파드를 모두 새로 만듭니다."],
    },
    Row {
        matter: Matter::HeldBack,
        is: ["A budget lets no pod go, so that a drain does not end.", "예산이 파드를 보내지 않아 드레인이 끝나지 않습니다."],
        remedy: [
            "Let the pods get healthy, set `unhealthyPodEvictionPolicy: AlwaysAllow`, or delete the pod.",
            "파드를 정상으로 만들거나 `unhealthyPodEvictionPolicy: AlwaysAllow`를 설정하거나 파드를 삭제합니다.",
        ],
    },
    Row {
        matter: Matter::BudgetIdle,
        is: ["A budget holds back evictions, and no rollout.", "예산은 축출만 막고 롤아웃은 막지 않습니다."],
        remedy: ["Set `maxUnavailable: 1`, or a partition, in the set.", "스테이트풀셋에 `maxUnavailable: 1`이나 파티션을 설정합니다."],
    },
    Row {
        matter: Matter::Owned,
        is: [
            "Another controller owns the set, and writes it as it wants it.",
            "다른 컨트롤러가 스테이트풀셋을 소유하고 원하는 대로 씁니다.",
        ],
        remedy: ["Change the object that owns it.", "소유한 오브젝트를 바꿉니다."],
    },
    Row {
        matter: Matter::NewProbe,
        is: ["Whether a new probe passes is not known; it is taken to pass.", "새 프로브가 통과하는지 알 수 없어 통과한다고 봅니다."],
        remedy: [
            "Try the probe in a running pod first, or begin with a partition.",
            "먼저 실행 중인 파드에서 시험하거나 파티션으로 시작합니다.",
        ],
    },
    Row {
        matter: Matter::Strays,
        is: ["A pod is no longer of its set, as its labels are others now.", "레이블이 달라져 파드가 더는 스테이트풀셋의 것이 아닙니다."],
        remedy: ["Put the labels back, or delete the pod.", "레이블을 되돌리거나 파드를 삭제합니다."],
    },
    Row {
        matter: Matter::ScalerOff,
        is: ["An autoscaler is off while there are no replicas.", "레플리카가 없는 동안 오토스케일러는 꺼져 있습니다."],
        remedy: ["Scale the set to at least one.", "하나 이상으로 늘립니다."],
    },
    Row {
        matter: Matter::NoReserve,
        is: ["No more members than a majority are left.", "과반수만큼만 남습니다."],
        remedy: ["Keep an odd number of members, and let those that go leave first.", "멤버를 홀수로 두고, 떠날 멤버를 먼저 탈퇴시킵니다."],
    },
    Row {
        matter: Matter::Deserted,
        is: ["A Service selects no pod any more.", "서비스가 더는 파드를 선택하지 않습니다."],
        remedy: ["Let the Service select labels that the pods have.", "파드에 있는 레이블을 서비스가 선택하게 합니다."],
    },
    Row {
        matter: Matter::GoneBeside,
        is: ["Claims beside the sets are gone, and volumes with them.", "세트 밖의 클레임과 볼륨이 없어집니다."],
        remedy: ["Set the reclaim policy of the volumes to Retain first.", "먼저 볼륨의 회수 정책을 Retain으로 바꿉니다."],
    },
    Row {
        matter: Matter::BudgetTight,
        is: ["A budget lets no pod go any more, although all are healthy.", "모두 정상인데도 예산이 파드를 보내지 않습니다."],
        remedy: ["Ask for `maxUnavailable: 1` instead.", "대신 `maxUnavailable: 1`을 요구합니다."],
    },
    Row {
        matter: Matter::NotListed,
        is: ["New members are not in the list of members.", "새 멤버가 멤버 목록에 없습니다."],
        remedy: ["Add them to the application's cluster and to the list first.", "먼저 애플리케이션의 클러스터와 목록에 넣습니다."],
    },
    Row {
        matter: Matter::ByGate,
        is: ["A number of the set counts only where a feature gate is on.", "스테이트풀셋의 값이 기능 게이트가 켜진 곳에서만 유효합니다."],
        remedy: ["Look which release and which gates the cluster has.", "클러스터의 릴리스와 기능 게이트를 확인합니다."],
    },
    Row {
        matter: Matter::TwoGuards,
        is: ["More than one budget selects a pod, so that it cannot be evicted.", "예산 둘 이상이 한 파드를 선택해 축출할 수 없습니다."],
        remedy: ["Leave one budget for each pod.", "파드마다 예산을 하나만 둡니다."],
    },
    Row {
        matter: Matter::Unprobed,
        is: [
            "No container has a readinessProbe and minReadySeconds is 0, so that a version which fails later does not hold the rollout.",
            "readinessProbe가 없고 minReadySeconds가 0이라, 나중에 실패하는 버전이 롤아웃을 멈추지 못합니다.",
        ],
        remedy: [
            "Add a readinessProbe or `minReadySeconds`, or release one pod first (`partition`).",
            "readinessProbe나 `minReadySeconds`를 넣거나, 먼저 파드 하나에만 내보냅니다(`partition`).",
        ],
    },
    Row {
        matter: Matter::LongGrace,
        is: ["Old pods may take as long to end as their own grace period says.", "옛 파드는 자기 유예 기간만큼 오래 끝낼 수 있습니다."],
        remedy: [
            "Wait for that long, or delete with a shorter `--grace-period`.",
            "그만큼 기다리거나 더 짧은 `--grace-period`로 삭제합니다.",
        ],
    },
    Row {
        matter: Matter::NeedGone,
        is: ["What pods need is gone.", "파드에 필요한 것이 없어졌습니다."],
        remedy: ["Put it back before any pod is made anew.", "파드를 새로 만들기 전에 되돌립니다."],
    },
    Row {
        matter: Matter::ClassGone,
        is: ["A class is gone of which sets ask for volumes.", "세트가 볼륨을 요구하는 클래스가 없어졌습니다."],
        remedy: ["Make the class again before a set grows.", "세트를 늘리기 전에 클래스를 다시 만듭니다."],
    },
    Row {
        matter: Matter::QuotaTight,
        is: ["A quota allows less than is used.", "쿼터가 쓰는 것보다 적게 허용합니다."],
        remedy: ["Raise the quota, or make room.", "쿼터를 올리거나 자리를 만듭니다."],
    },
    Row {
        matter: Matter::NoPort,
        is: ["A Service leads to a port that its pods do not have.", "서비스가 파드에 없는 포트로 이끕니다."],
        remedy: ["Name the port in the container, or correct `targetPort`.", "컨테이너에 포트 이름을 주거나 `targetPort`를 고칩니다."],
    },
    Row {
        matter: Matter::Closed,
        is: ["A Service gives its address outside of the cluster up.", "서비스가 클러스터 밖의 주소를 잃습니다."],
        remedy: ["Move clients from outside first.", "먼저 밖의 클라이언트를 옮깁니다."],
    },
    Row {
        matter: Matter::ByPod,
        is: ["A pod is changed, and its set is not.", "파드만 바뀌고 세트는 그대로입니다."],
        remedy: ["Change the set.", "세트를 바꿉니다."],
    },
    Row {
        matter: Matter::Filtered,
        is: ["A NetworkPolicy counts for pods from now on.", "NetworkPolicy가 이제부터 파드에 적용됩니다."],
        remedy: ["Look whether clients, members and DNS are allowed.", "클라이언트와 멤버와 DNS가 허용되는지 확인합니다."],
    },
    Row {
        matter: Matter::OtherUser,
        is: ["Containers run as another user over old data.", "컨테이너가 있는 데이터 위에서 다른 사용자로 실행됩니다."],
        remedy: ["Look who owns the data, or set `fsGroup`.", "데이터의 소유자를 확인하거나 `fsGroup`을 씁니다."],
    },
    Row {
        matter: Matter::LessRoom,
        is: ["A container gets less memory.", "컨테이너의 메모리가 줄어듭니다."],
        remedy: ["Look what the process uses.", "프로세스가 쓰는 양을 확인합니다."],
    },
    Row {
        matter: Matter::Fleeting,
        is: ["Data on no claim goes with each pod.", "클레임에 없는 데이터가 파드와 함께 없어집니다."],
        remedy: ["Keep the data on a claim.", "데이터를 클레임에 둡니다."],
    },
    Row {
        matter: Matter::Remounted,
        is: ["A volume is mounted elsewhere.", "볼륨이 다른 곳에 마운트됩니다."],
        remedy: ["Look where the program keeps its data.", "프로그램이 데이터를 두는 곳을 확인합니다."],
    },
    Row {
        matter: Matter::Inside,
        is: ["A line does something within a container.", "명령이 컨테이너 안에서 무언가를 합니다."],
        remedy: ["Try the line where nothing can be lost.", "잃을 것이 없는 곳에서 시험합니다."],
    },
    Row {
        matter: Matter::PullSecret,
        is: ["A Secret for pulling images is in no text.", "이미지를 받는 시크릿이 어떤 텍스트에도 없습니다."],
        remedy: ["Look whether the Secret is there.", "시크릿이 있는지 확인합니다."],
    },
    Row {
        matter: Matter::OffNode,
        is: ["Pods run on nodes that lack the labels which they ask for.", "파드가 요구하는 레이블이 없는 노드에서 실행됩니다."],
        remedy: ["Give the nodes the labels again, or change the template.", "노드에 레이블을 되돌리거나 템플릿을 바꿉니다."],
    },
    Row {
        matter: Matter::MemberStays,
        is: [
            "A pod goes for good, and its member stays listed in the cluster of the application, with its data unmoved.",
            "파드는 없어지지만 그 멤버는 애플리케이션의 클러스터에 남고 데이터도 옮겨지지 않습니다.",
        ],
        remedy: ["Take the member out of its cluster before the pod goes.", "파드가 없어지기 전에 멤버를 클러스터에서 뺍니다."],
    },
    Row {
        matter: Matter::TakenAway,
        is: ["Parts of a pod template are gone that the change does not name.", "변경이 말하지 않은 파드 템플릿의 일부가 없어집니다."],
        remedy: ["Use a strategic patch, or apply a whole manifest.", "전략적 패치를 쓰거나 매니페스트 전체를 적용합니다."],
    },
    Row {
        matter: Matter::OldBeside,
        is: ["A part of the change was refused, so that new runs with old.", "변경의 일부가 거부되어 새것이 옛것과 함께 실행됩니다."],
        remedy: ["Correct what was refused.", "거부된 것을 고칩니다."],
    },
    Row {
        matter: Matter::NotUndone,
        is: ["An undo takes back the pod template only.", "실행 취소는 파드 템플릿만 되돌립니다."],
        remedy: ["Apply the manifest of before.", "이전 매니페스트를 적용합니다."],
    },
    Row {
        matter: Matter::NoTarget,
        is: [
            "An autoscaler finds no object of the group, kind and name that it aims at, and scales nothing.",
            "오토스케일러가 가리키는 그룹, 종류, 이름의 오브젝트가 없어 아무것도 늘리지 않습니다.",
        ],
        remedy: [
            "Correct `scaleTargetRef`: a StatefulSet is in `apps/v1`.",
            "`scaleTargetRef`를 고칩니다. StatefulSet은 `apps/v1`에 있습니다.",
        ],
    },
    Row {
        matter: Matter::ComesBack,
        is: [
            "A pod comes back to the closed node that it was to leave, as it tolerates every taint or names the node.",
            "파드가 모든 테인트를 용인하거나 노드를 지정하여, 떠나야 할 닫힌 노드로 돌아옵니다.",
        ],
        remedy: ["Tolerate only the taints that are meant, by their keys.", "필요한 테인트만 키로 지정해 용인합니다."],
    },
    Row {
        matter: Matter::OtherTime,
        is: [
            "A probe that ended containers while they start allows another time; whether that is enough is not known.",
            "시작하는 컨테이너를 끝내던 프로브가 허용하는 시간이 달라지지만, 충분한지는 알 수 없습니다.",
        ],
        remedy: ["Look in the log how long the process takes to start.", "프로세스가 시작하는 데 걸리는 시간을 로그에서 확인합니다."],
    },
    Row {
        matter: Matter::UnknownUser,
        is: [
            "A container must not run as root from now on, and only its image names its user.",
            "이제부터 컨테이너가 root로 실행되면 안 되는데, 사용자는 이미지만 알고 있습니다.",
        ],
        remedy: ["Name a user by its number: `runAsUser`.", "`runAsUser`에 사용자를 숫자로 지정합니다."],
    },
    Row {
        matter: Matter::AtOnce,
        is: [
            "Sets under one budget roll out at the same time, so that pods of several are away at once.",
            "한 예산 아래의 세트가 동시에 롤아웃되어 여러 세트의 파드가 한꺼번에 없어집니다.",
        ],
        remedy: ["Change one set after another.", "세트를 하나씩 차례로 바꿉니다."],
    },
    Row {
        matter: Matter::UnreadyFirst,
        is: [
            "Which pod a rollout takes first while another is not Ready differs between releases.",
            "Ready가 아닌 파드가 있을 때 롤아웃이 먼저 바꾸는 파드가 릴리스마다 다릅니다.",
        ],
        remedy: ["Get that pod Ready first.", "먼저 그 파드를 Ready로 만듭니다."],
    },
];

impl Words {
    fn row(matter: Matter) -> Option<&'static Row> {
        ROWS.iter().find(|row| row.matter == matter)
    }

    /// What it is.
    pub fn matter(self, matter: Matter) -> &'static str {
        Words::row(matter).map_or("", |row| self.of(row.is[0], row.is[1]))
    }

    /// What to do about it.
    pub fn remedy(self, matter: Matter) -> &'static str {
        Words::row(matter).map_or("", |row| self.of(row.remedy[0], row.remedy[1]))
    }
}
