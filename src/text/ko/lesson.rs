//! The first visit and what stands around the lessons, in Korean.

use crate::lesson::{Hello, Lessons};

/// The first visit.
pub const HELLO: Hello = Hello {
    title: "스테이트풀셋은 파드에 번호를 매기고, 번호마다 이름과 디스크를 유지합니다.",
    here: "이 클러스터는 브라우저에서 실행됩니다.",
    start: "실습 1 시작",
    paste: "YAML 붙여넣기",
    stop: "노드 중지해 보기",
};

/// The lessons.
pub const LESSONS: Lessons = Lessons {
    button: "실습",
    title: "실습",
    of: |n, all| format!("{all}개 중 {n}번째"),
    phases: ["예측", "실행", "확인"],
    question: |seconds| match seconds {
        120.. => format!("앞으로 {}분 동안 무슨 일이 일어날까요?", seconds / 60),
        _ => format!("앞으로 {seconds}초 동안 무슨 일이 일어날까요?"),
    },
    lock: "확정하고 실행",
    skip: "문제 건너뛰기",
    next: |title| format!("다음: {title}"),
    again: "되감고 다시 풀기",
    last: "플레이그라운드로 이동",
    predicted: "내 예측",
    happened: "실제 결과",
    disturbed: "이 중에는 없습니다. 그사이에 다른 조작이 있었습니다.",
    hidden: "이유는 실행이 끝나면 공개됩니다.",
    hidden_why: "DNS와 스토리지 창은 열려 있으니 거기서 근거를 찾아보세요.",
    paused: "예측을 기다리며 멈춤",
};
