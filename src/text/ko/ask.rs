//! Answers to questions that no single decision answers, and what ends a wait, in Korean.

use super::{object, subject_of, topic};
use crate::josa::Josa;
use crate::why::{QuestionTexts, Who};

/// The words.
pub const ASK: QuestionTexts = QuestionTexts {
    usage: "why [종류/]이름\nwhy deleted [종류/]이름\nwhy bound [종류/]이름\nwhy dns 이름",
    who: |who| match who {
        Who::You("") => "사용자가".to_owned(),
        Who::You(line) => format!("사용자가 `{line}` 명령으로"),
        Who::Component(name) => format!("`{name}`{}", Josa::Subject.after(name)),
        Who::Kubelet(node) => format!("<{node}> 노드의 kubelet이"),
        Who::Setup => "플레이그라운드가".to_owned(),
    },
    who_deleted: |name| format!("{name}{} 누가 삭제했나요?", Josa::Object.after(name)),
    log_of: |container| format!("{container} 로그"),
    why_there: |name, place| format!("{name}{} 왜 {place}에 있나요?", Josa::Topic.after(name)),
    does_not_exist: |name| format!("{} 없습니다.", subject_of(name)),
    nobody_wants: "이 이름을 필요로 하는 오브젝트가 없습니다.",
    made_by: |who| format!("{who} 생성함"),
    written_by: |who| format!("{who} 마지막으로 수정함"),
    is_there: |name| format!("{} 있습니다.", subject_of(name)),
    not_deleted: |name| format!("아무도 {} 삭제하지 않았습니다.", object(name)),
    never_there: |name| format!("기록에 {} 없습니다.", subject_of(name)),
    deleted: |name, who| format!("{} 삭제되었습니다. {who} 요청했습니다.", topic(name)),
    leaving: |name, who| format!("{} 삭제되는 중입니다. {who} 요청했습니다.", topic(name)),
    gone: |name, at| format!("{} 삭제되었습니다({at}).", topic(name)),
    none_left: "남은 워크로드가 없습니다.",
    asked: |who| format!("{who} `metadata.deletionTimestamp`를 설정함"),
    removed: |who| format!("{who} 오브젝트를 제거함"),
    removal_waits: "실행하는 쪽이 끝내거나, 파이널라이저를 추가한 쪽이 제거할 때",
    answers: |name, records| format!("<{name}>의 응답은 {records}입니다."),
    no_answer: |name, rcode| format!("<{name}>에 대한 응답이 없습니다: {rcode}."),
    name_rule: "헤드리스 서비스는 게시된 엔드포인트로 응답하고, `subdomain`이 그 서비스의 이름인 파드는 저마다 그 아래에 이름이 생깁니다.",
    name_ends: "서비스의 엔드포인트슬라이스가 게시할 때",
    service_ends: |name| format!("<{name}> 헤드리스 서비스가 파드를 선택할 때"),
    selects: |service, labels| format!("{} `{labels}` 레이블을 선택함", subject_of(service)),
    publishes_all: |service| format!("{} Ready가 아닌 파드도 게시함", subject_of(service)),
    endpoint: |pod, published| format!("<{pod}> 엔드포인트: {}", if published { "게시됨" } else { "게시되지 않음" }),
    node_rule: "필터가 파드를 받을 수 없는 노드를 걸러내고, 남은 노드 가운데 점수가 가장 높은 노드를 고릅니다. 점수가 같으면 무작위로 고릅니다.",
    node_scored: |node, words| format!("<{node}>: {words}"),
    node_refused: |node, words| format!("<{node}> 제외: {words}"),
    only_one: |node| format!("<{node}> 노드만 남아 점수를 매기지 않음"),
    volume_made: |volume, by| format!("`{by}`{} 이 클레임을 위해 {} 만들었습니다.", Josa::Subject.after(by), object(volume)),
    volume_chosen: "컨트롤러가 조건에 맞는 빈 볼륨 가운데 가장 작은 볼륨을 골랐습니다.",
    volume_reserved: "클레임이 볼륨을 지정했거나 볼륨이 클레임을 지정했습니다.",
    amounts: |asked, has| format!("요청 {asked}, 용량 {has}"),
    node_selected: |node| format!("스케줄러가 파드를 배정하려는 <{node}> 노드에 만듦"),
    make: |name| format!("{name} 생성"),
    default_class: |class| format!("{class} 클래스를 기본으로 지정"),
    untaint: |node| format!("{node}의 테인트 제거"),
    label: |node| format!("{node}에 레이블 추가"),
    label_all: |what| format!("모든 노드에 {what} 레이블 추가"),
    add_node: "노드 추가",
    fewer: |n| format!("파드를 {n}개로 줄이기"),
    undo_and_delete: |pod| format!("롤아웃을 되돌리고 {pod} 삭제"),
    use_image: |image| format!("{image} 이미지로 바꾸기"),
    other_image: |image, pod| format!("{image} 이미지로 바꾸고 {pod} 삭제"),
    may_pull: |image, pod| format!("{image} 이미지 가져오기를 허용하고 {pod} 삭제"),
    set_true: |gates| format!("{gates}{} True로 설정", Josa::Object.after(gates)),
    ungate: |pod| format!("{pod}의 스케줄링 게이트 제거"),
    other_command: |container, pod| format!("{container}의 명령을 바꾸고 {pod} 삭제"),
    less: |pod| format!("리소스 요청을 줄이고 {pod} 삭제"),
    without_probe: |probe, pod| format!("{}를 없애고 {pod} 삭제", probe.field()),
    with_variable: |variable, pod| format!("{variable} 값을 설정하고 {pod} 삭제"),
    moved_on: ["기다리던 조건은 충족되었지만, 컨트롤러가 아직 다시 확인하지 않았습니다.", "컨트롤러 차례", "컨트롤러가 다시 확인할 때"],
    delete_both: |claim, pod| format!("{claim}{} {pod} 삭제", Josa::With.after(claim)),
    lose_both: |claim, pod| format!("{claim}{} {pod} 삭제: 데이터 유실", Josa::With.after(claim)),
    taken_off: |fields| format!("서버만 기록하는 필드를 지우고 적용했습니다: {fields}."),
    refused_set: |set, exists| {
        if exists {
            format!("<{set}> 변경이 거부되었습니다.")
        } else {
            format!("<{set}>{} 거부되었습니다.", Josa::Subject.after(set))
        }
    },
    stored: |stored, objects| format!("오브젝트 {objects}개 중 {stored}개는 저장되었습니다."),
    create_missing: |n| format!("없는 오브젝트 {n}개를 모두 만들고 적용"),
    run_provisioner: |name| format!("이 클러스터에서 {name} 실행하기"),
    look_again: "컨트롤러가 다시 확인하게 하기",
    kept: |volume| format!("{} Released 상태이고 어떤 클레임에도 바인딩되지 않습니다.", topic(volume)),
    kept_why: |claim| {
        format!(
            "<{claim}> 클레임이 사라졌습니다. 반환 정책이 Retain이므로 볼륨은 데이터와 함께 남습니다. `claimRef`가 여전히 사라진 클레임의 uid를 \
             가리키므로, 이름이 같은 새 클레임도 이 볼륨을 쓸 수 없습니다."
        )
    },
    kept_claim: |claim| format!("<{claim}> 클레임이 사라짐"),
    kept_ends: "누군가 `claimRef`를 제거하거나 볼륨을 삭제할 때",
    free: |volume| format!("다른 클레임이 {volume}{} 쓸 수 있게 하기", Josa::Object.after(volume)),
    waits_in_vain: |pod| {
        format!(
            "`OrderedReady`에서는 컨트롤러가 다른 파드를 건드리기 전에 {} Ready가 되기를 기다리지만, 지금 리비전으로는 Ready가 될 수 없습니다.",
            subject_of(pod)
        )
    },
    waits_for_last: |pod| {
        format!(
            "`OrderedReady`에서는 모든 파드가 Running이고 Ready가 되기 전에는 업데이트를 포함해 다음 작업을 하지 않습니다. {} 아직 그렇지 않습니다.",
            topic(pod)
        )
    },
    let_go: |name| format!("{name}의 파이널라이저 제거"),
    allow: |namespace| format!("{namespace}의 파드 보안 적용 해제"),
    override_ready: |pod| format!("강제: {pod}{} Ready로 간주", Josa::Object.after(pod)),
    override_note: "이 시뮬레이션에서만 손으로 바꿉니다. 프로브는 계속 실패합니다",
    names_of_ready: |service| {
        format!(
            "이 프로브는 <{service}> 서비스 아래의 이름을 조회합니다. `publishNotReadyAddresses`가 true가 아니면 DNS에는 Ready인 파드의 이름만 있습니다."
        )
    },
    others_wait: "`OrderedReady`에서는 이 파드가 Ready가 되기 전에 다른 파드가 생성되지도 않으므로 서로를 기다립니다.",
    publish_all: "Ready가 되기 전에도 이름 공개",
    publish_in_parallel: "이름을 바로 공개하고, 파드는 그대로 둔 채 스테이트풀셋을 Parallel로 다시 생성",
    raise: |quota, to| format!("{quota}{} {to}로 늘리기", Josa::Object.after(quota)),
    let_grow: |class| format!("{class}의 볼륨 확장을 허용하고 다시 요청"),
    let_one_go: |name| format!("{name}에서 파드 1개의 중단 허용"),
    note_size: "새 크기 기록",
    resume: "롤아웃 재개",
    lower: "partition을 0으로 낮추기",
};
