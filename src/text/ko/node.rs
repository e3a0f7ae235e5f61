//! Nodes, told in Korean.

use super::{object, subject_of, topic};
use crate::Node;

/// The words about nodes.
pub const NODE: Node = Node {
    menu: |node| format!("{node} 노드 작업"),
    stop: "중지: 전원 끄기",
    start: |node| format!("{node} 시작"),
    cut: "네트워크 끊기",
    cordon: "cordon: 새 파드 받지 않기",
    uncordon: "uncordon",
    drain: "drain: 파드 축출",
    out_of_service: "out-of-service로 표시",
    in_service: "out-of-service 표시 제거",
    delete: |node| format!("{node} 삭제"),
    taint: |key| format!("테인트 {key}"),
    no_object: "노드 오브젝트 없음",
    network_volumes: "네트워크 볼륨",
    says_ready: |node| format!("<{node}> 노드는 Ready입니다."),
    says_closed: |node| format!("<{node}> 노드는 새 파드를 받지 않습니다."),
    says_silent: |node| format!("<{node}> 노드가 응답하지 않습니다."),
    believed: |verdict| format!("API 서버가 아는 바로는 {verdict}"),
    says_no_object: |node| format!("<{node}>에는 노드 오브젝트가 없습니다."),
    is_off: "머신이 꺼져 있고 프로세스도 끝났습니다. API 서버는 이를 알 수 없습니다. 케이블이 뽑힌 경우와 똑같이 보이기 때문입니다.",
    is_cut: "네트워크가 끊겼을 뿐 프로세스는 계속 실행됩니다. API 서버는 이를 알 수 없습니다. 머신이 꺼진 경우와 똑같이 보이기 때문입니다.",
    ends_when: "머신을 켜거나 네트워크가 복구될 때",
    process: |pod, uid| format!("여기서 <{pod}> #{uid} 실행 중"),
    process_on: |pod, uid, node| format!("<{node}>의 <{pod}> #{uid}"),
    may_still_run: "아직 실행 중일 수 있음",
    still_runs: "아직 실행 중",
    not_in_api: "API에 없음",
    disk_is_on: |node| format!("디스크: {node}"),
    volume_is_elsewhere: |pod, node| format!("<{pod}>의 볼륨은 <{node}>에 있음"),
    told_to_go: |pod| format!("<{pod}> 삭제가 요청됨"),
    not_confirmed: "종료를 확인해 준 kubelet 없음",
    for_so_long: |age| format!("{age} 동안"),
    ways: "해결 방법",
    ways_note: "누르면 명령이 입력됨",
    force: |pod| format!("{pod} 강제 삭제"),
    force_asks_nobody: "아무 확인 없이 오브젝트를 즉시 제거",
    start_confirms: |pod| format!("kubelet이 다시 <{pod}>의 상태를 보고"),
    start_ends_old: |uid| format!("#{uid} 프로세스가 실행 중이면 kubelet이 종료"),
    delete_collects: |pod| format!("파드 GC가 {} 제거. 머신이 꺼졌을 때만", object(pod)),
    delete_changes_nothing: |uid| format!("#{uid} 프로세스에는 영향 없음. API 밖에 있음"),
    delete_frees: "컨트롤러가 목표 리비전으로 다시 생성",
    out_of_service_says: "머신이 꺼졌다고 알림. 파드 GC가 파드를 제거",
    then_pending: ". 새 파드는 Pending",
    disk_only_there: |claims, node| format!("{claims}: <{node}>에만 있음"),
    disks_here: |claims| format!("이 노드의 디스크: {claims}. 이를 쓰는 파드는 다른 노드에서 시작할 수 없음"),
    risk: "강제 삭제 시 스플릿 브레인 위험",
    risk_words: |node| format!("API 서버는 <{node}> 노드가 꺼진 것인지, 네트워크만 끊긴 것인지 구별할 수 없습니다."),
    if_off: |pod| format!("꺼진 경우: 안전합니다. 이전 {} 이미 없습니다.", topic(pod)),
    if_cut: |pod| format!("끊긴 경우: 이전 {} 계속 실행됩니다. 두 번째 파드가 생기면 '최대 하나' 보장이 깨집니다.", subject_of(pod)),
    doubt: "'최대 하나'를 더는 보장할 수 없습니다",
    doubt_words: |uid, node| {
        format!(
            "#{uid} 프로세스가 <{node}>에서 아직 실행 중인지는 알 수 없습니다. 실행 중이라면 그쪽의 클라이언트는 여전히 접속할 수 있습니다."
        )
    },
    cut_words: |uid, node| {
        format!("#{uid} 프로세스가 <{node}>에서 아직 실행 중일 수 있습니다. 네트워크가 끊긴 그쪽의 클라이언트는 여전히 접속할 수 있습니다.")
    },
    wrote: |amount| format!("{amount} 씀"),
    split: |pod| format!("스플릿 브레인: {pod} 중복 실행"),
    two_processes: |pod| format!("두 프로세스가 모두 <{pod}> 이름으로 응답합니다."),
    split_words: |uid, node| {
        format!(
            "<{node}> 노드는 네트워크만 끊겼고 #{uid} 프로세스는 그곳에서 계속 실행됩니다. 두 프로세스는 저마다 자신이 유일하다고 여깁니다."
        )
    },
};
