//! Applications that keep the same data in several places, told in Korean.

use crate::cluster::inside::replicated::Role;
use crate::text::Application;
use crate::text::josa::Josa;

/// The words about them.
pub const APPLICATION: Application = Application {
    title: "애플리케이션",
    role: |role, quorum| match role {
        Role::Primary => "프라이머리",
        Role::Replica => "레플리카",
        Role::Diverged => "복제 멈춤",
        Role::Leader => "리더",
        Role::Follower => "팔로워",
        Role::Alone if quorum => "정족수 미달",
        Role::Alone => "프라이머리 없음",
    },
    has_lead: |pod| format!("{pod} 리더"),
    lost_lead: |set| format!("{set} 리더 없음"),
    leads: |pod, agree, of| format!("리더는 <{pod}>입니다. 멤버 {of}개 중 {agree}개가 동의합니다."),
    no_quorum: |reached, needed| format!("정족수에 못 미칩니다. 서로 보이는 멤버가 {reached}개이고 {needed}개가 필요합니다."),
    no_quorum_words: "어느 멤버도 쓰기를 받지 않고, 최신이어야 하는 읽기에도 답하지 않습니다.",
    is_primary: |pod, copies| format!("프라이머리는 <{pod}>입니다. 레플리카 {copies}개가 따릅니다."),
    no_primary: |pod| format!("프라이머리가 없습니다. <{pod}>에 닿을 수 없습니다."),
    no_primary_words: "쓰기는 거절됩니다. 레플리카는 읽기에 계속 답하지만 대신 나서지 않습니다. 역할은 오디널에 속합니다.",
    two_lead: |pod, count| format!("프로세스 {count}개가 쓰기를 받습니다. 그중 하나가 <{pod}>입니다."),
    two_lead_words: "저마다 자기 쪽 클라이언트에 쓰기를 확인해 줍니다. 네트워크가 다시 이어지면 한쪽만 남습니다.",
    holds: |n| format!("쓰기 {n}개"),
    out_of_sight: "보이지 않음",
    acknowledged: |n| format!("확인 {n}개"),
    refused: |n| format!("거절 {n}개"),
    lost: |n| format!("유실 {n}개: 확인해 주었지만 어느 리더에도 없음"),
    write: ["한 번 쓰기", "1분 동안", "10분 동안"],
    stop_writing: |left| format!("쓰기 멈추기: {left}개 남음"),
    wrote: |uid, amount| format!("#{uid} {amount}"),
    interleaved: "두 프로세스가 서로를 모른 채 번갈아 썼습니다:",
    at_most_one: "아이덴티티마다 프로세스 하나 이하",
    kept: "at-most-one 유지",
    in_doubt: |pod| format!("{pod}{} 둘일 수 있음", Josa::Subject.after(pod)),
    broken: |pod| format!("{pod}{} 둘", Josa::Subject.after(pod)),
};
