//! Applications that keep the same data in several places, told in Korean.

use crate::Application;
use cluster::inside::replicated::Role;

/// The words about them.
pub const APPLICATION: Application = Application {
    title: "애플리케이션",
    role: |role, quorum| match role {
        Role::Primary => "프라이머리",
        Role::Single => "독립 데이터",
        Role::Replica => "레플리카",
        Role::Diverged => "복제 중단",
        Role::Leader => "리더",
        Role::Follower => "팔로워",
        Role::Alone if quorum => "쿼럼 미달",
        Role::Alone => "프라이머리 없음",
    },
    has_lead: |pod| format!("{pod} 리더"),
    lost_lead: |set| format!("{set} 리더 없음"),
    leads: |pod, agree, of| format!("리더는 <{pod}>입니다. 멤버 {of}개 중 {agree}개가 동의합니다."),
    no_quorum: |reached, needed| format!("쿼럼을 이루지 못했습니다. 통신할 수 있는 멤버가 {reached}개인데 {needed}개가 필요합니다."),
    no_quorum_words: "어느 멤버도 쓰기를 받지 않고, 최신 데이터를 요구하는 읽기에도 응답하지 않습니다.",
    is_primary: |pod, copies| format!("프라이머리는 <{pod}>입니다. 레플리카 {copies}개가 복제합니다."),
    singles: |n| match n {
        1 => "프로세스 하나가 데이터를 가지며, 복제본은 없습니다.".to_owned(),
        n => format!("프로세스 {n}개가 쓰기를 받고, 저마다 자기 데이터에 씁니다."),
    },
    singles_words: "스테이트풀셋은 파드에 이름과 볼륨을 줄 뿐 데이터를 복제하지 않습니다. 이 매니페스트에는 복제 설정이 없습니다.",
    no_primary: |pod| format!("프라이머리가 없습니다. <{pod}>에 접근할 수 없습니다."),
    no_primary_words: "쓰기는 거부됩니다. 레플리카는 읽기에 계속 응답하지만 역할을 넘겨받지는 않습니다. 역할은 순번으로 정해집니다.",
    two_lead: |pod, count| format!("프로세스 {count}개가 쓰기를 받고 있고, 그중 하나가 <{pod}>입니다."),
    two_lead_words: "저마다 자기 쪽 클라이언트에 쓰기 성공을 응답합니다. 네트워크가 복구되면 한쪽의 쓰기만 남습니다.",
    holds: |n| format!("쓰기 {n}건"),
    out_of_sight: "응답 없음",
    acknowledged: |n| format!("성공 응답 {n}건"),
    refused: |n| format!("거부 {n}건"),
    lost: |n| format!("유실 {n}건: 성공으로 응답했지만 어느 리더에도 없음"),
    write: ["한 번 쓰기", "1분 동안", "10분 동안"],
    stop_writing: |left| format!("쓰기 중단: {left}건 남음"),
    wrote: |uid, amount| format!("#{uid} {amount}"),
    interleaved: "두 프로세스가 서로를 모른 채 번갈아 썼습니다:",
    at_most_one: "신원마다 프로세스는 최대 하나",
    kept: "최대 하나 보장",
    in_doubt: |pod| format!("{pod} 중복 실행 가능성"),
    broken: |pod| format!("{pod} 중복 실행"),
};
