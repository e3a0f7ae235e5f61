//! Answers to questions that no single decision answers, and what ends a wait, in Korean.

use crate::text::josa::Josa;
use crate::text::why::{Ask, Who};

/// The words.
pub const ASK: Ask = Ask {
    usage: "why [종류/]이름\nwhy deleted [종류/]이름\nwhy bound [종류/]이름\nwhy dns 이름",
    who: |who| match who {
        Who::You("") => "사용자가".to_owned(),
        Who::You(line) => format!("사용자가 `{line}` 명령으로"),
        Who::Component(name) => format!("`{name}`{}", Josa::Subject.after(name)),
        Who::Kubelet(node) => format!("<{node}> 노드의 kubelet이"),
        Who::Setup => "플레이그라운드가".to_owned(),
    },
    who_deleted: |name| format!("{name}{} 누가 삭제했나?", Josa::Object.after(name)),
    why_there: |name, place| format!("{name}{} 왜 {place}에 있나?", Josa::Topic.after(name)),
    does_not_exist: |name| format!("{} 없습니다.", topic(name)),
    nobody_wants: "이 이름을 바라는 오브젝트가 없습니다.",
    made_by: |who| format!("{who} 만들었음"),
    written_by: |who| format!("{who} 마지막으로 썼음"),
    is_there: |name| format!("{} 있습니다.", topic(name)),
    not_deleted: |name| format!("아무도 {} 삭제하지 않았습니다.", object(name)),
    never_there: |name| format!("기록에 {} 없습니다.", subject(name)),
    deleted: |name, who| format!("{} 삭제되었습니다. {who} 요청했습니다.", topic(name)),
    leaving: |name, who| format!("{} 삭제되는 중입니다. {who} 요청했습니다.", topic(name)),
    asked: |who| format!("{who} `metadata.deletionTimestamp`를 설정"),
    removed: |who| format!("{who} 오브젝트를 제거"),
    removal_waits: "실행하는 쪽이나 파이널라이저로 붙잡은 쪽이 놓아줄 때",
    answers: |name, records| format!("<{name}>의 응답은 {records}입니다."),
    no_answer: |name, rcode| format!("<{name}>의 응답이 없습니다: {rcode}."),
    name_rule: "헤드리스 Service는 게시된 엔드포인트로 응답합니다. `subdomain`이 그 Service의 이름인 파드는 저마다 그 아래에 이름을 가집니다.",
    name_ends: "Service의 EndpointSlice가 게시할 때",
    selects: |service, labels| format!("{} `{labels}` 레이블을 선택", subject(service)),
    publishes_all: |service| format!("{} Ready가 아닌 파드도 게시", subject(service)),
    endpoint: |pod, published| format!("엔드포인트 <{pod}> {}", if published { "게시됨" } else { "게시되지 않음" }),
    node_rule: "필터가 파드를 받을 수 없는 노드를 거르고, 남은 노드 가운데 점수가 가장 높은 노드를 고릅니다. 점수가 같으면 무작위로 고릅니다.",
    node_scored: |node, words| format!("<{node}>: {words}"),
    node_refused: |node, words| format!("<{node}> 거절: {words}"),
    only_one: |node| format!("<{node}> 노드만 남아 점수를 매기지 않음"),
    volume_made: |volume, by| format!("`{by}`{} 이 클레임을 위해 {} 만들었습니다.", Josa::Subject.after(by), object(volume)),
    volume_chosen: "컨트롤러가 맞는 빈 볼륨 가운데 가장 작은 것을 골랐습니다.",
    volume_reserved: "클레임이 볼륨을, 또는 볼륨이 클레임을 지정했습니다.",
    amounts: |asked, has| format!("요청 {asked}, 용량 {has}"),
    node_selected: |node| format!("스케줄러가 파드를 두려는 <{node}> 노드에 만듦"),
    make: |name| format!("{name} 만들기"),
    default_class: |class| format!("{class} 클래스를 기본으로"),
    untaint: |node| format!("{node}의 테인트 떼기"),
    label: |node| format!("{node}에 레이블 붙이기"),
    fewer: |n| format!("파드를 {n}개만 바라기"),
    undo_and_delete: |pod| format!("롤아웃을 되돌리고 {pod} 삭제"),
    delete_both: |claim, pod| format!("{claim}{} {pod} 삭제", Josa::With.after(claim)),
    let_go: |name| format!("{name}의 파이널라이저 떼기"),
    resume: "롤아웃 재개",
    lower: "파티션을 0으로",
};

fn topic(name: &str) -> String {
    format!("<{name}>{}", Josa::Topic.after(name))
}

fn subject(name: &str) -> String {
    format!("<{name}>{}", Josa::Subject.after(name))
}

fn object(name: &str) -> String {
    format!("<{name}>{}", Josa::Object.after(name))
}
