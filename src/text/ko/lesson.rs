//! The first visit and the lessons, in Korean.

use crate::lesson::{Hello, Lessons, Words};

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
    course: [
        Words {
            title: "순서대로 생성",
            story: "클러스터는 비어 있습니다. 매니페스트는 `podManagementPolicy: OrderedReady`로 레플리카 3개를 요청합니다. 이제 다음 명령을 실행합니다.",
            question: None,
            claims: [
                "<web-0>, <web-1>, <web-2>가 동시에 생성됨",
                "<web-0>, <web-1>, <web-2> 순서로 생성됨",
                "<web-2>, <web-1>, <web-0> 순서로 생성됨",
                "<web-0>만 생성됨",
            ],
            because: "컨트롤러는 순번(ordinal)이 더 낮은 파드가 모두 Running이고 Ready일 때만 다음 파드를 생성합니다. 한꺼번에 둘을 만들지는 않습니다.",
        },
        Words {
            title: "파드 삭제",
            story: "파드 3개가 모두 Ready입니다. 파드마다 이름, DNS 이름, 디스크가 있습니다. 이제 다음 명령을 실행합니다.",
            question: None,
            claims: [
                "<web-1>이 사라지고, 대신할 파드는 생기지 않음",
                "<web-1>이 사라지고 <web-3>이 대신 생성됨",
                "<web-1>과 <web-2>가 사라지고 둘 다 다시 생성됨",
                "<web-1>이 사라지고 <web-1>이 다시 생성됨",
            ],
            because: "이 스테이트풀셋에는 순번 0부터 2까지가 있어야 합니다. 1번이 없으므로 다시 만듭니다. 파드와 주소는 새것이지만 이름과 디스크는 그대로입니다.",
        },
        Words {
            title: "스케일 인",
            story: "파드 3개가 모두 Ready입니다. 이제 다음 명령을 실행합니다.",
            question: None,
            claims: [
                "<web-2>, <web-1> 순서로 삭제됨",
                "<web-2>와 <web-1>이 동시에 삭제됨",
                "<web-0>, <web-1> 순서로 삭제됨",
                "<web-2>만 삭제됨",
            ],
            because: "스케일 인은 순번이 가장 높은 파드부터 지우고, 그 파드가 완전히 사라진 뒤에 다음 파드를 지웁니다.",
        },
        Words {
            title: "비정상 파드가 있을 때 스케일 인",
            story: "<web-0>의 프로브가 실패해 Running이지만 Ready가 아닙니다. <web-1>과 <web-2>는 정상입니다. 이제 다음 명령을 실행합니다.",
            question: None,
            claims: [
                "<web-2>, <web-1> 순서로 삭제됨",
                "<web-2>와 <web-1>이 동시에 삭제됨",
                "고장 난 <web-0>이 삭제됨",
                "<web-0>이 다시 Ready가 될 때까지 아무 일도 없음",
            ],
            because: "컨트롤러는 동기화할 때마다 남길 파드를 낮은 순번부터 먼저 점검합니다. 남길 <web-0>이 Ready가 아니므로 삭제 단계에 이르기 전에 동기화가 끝납니다.",
        },
        Words {
            title: "Parallel",
            story: "같은 상황이지만 `podManagementPolicy: Parallel`입니다. 이번에도 <web-0>은 Ready가 아닙니다. 이제 다음 명령을 실행합니다.",
            question: None,
            claims: [
                "<web-0>이 다시 Ready가 될 때까지 아무 일도 없음",
                "<web-2>, <web-1> 순서로 삭제됨",
                "<web-2>와 <web-1>이 동시에 삭제됨",
                "<web-0>, <web-2> 순서로 삭제됨",
            ],
            because: "`Parallel`에서는 파드를 생성하거나 삭제할 때 다른 파드를 기다리지 않습니다. 그래도 템플릿 업데이트는 순서대로 진행됩니다.",
        },
        Words {
            title: "남는 것",
            story: "파드 3개에 클레임 <data-web-0>, <data-web-1>, <data-web-2>가 하나씩 있습니다. 실행되는 동안 스토리지 창을 보세요. 이제 다음 명령을 실행합니다.",
            question: Some("1분 뒤에 클레임은 몇 개일까요?"),
            claims: ["1개: <web-0>의 클레임", "2개: 사라진 파드의 클레임", "3개: 전부", "0개: 모두 삭제됨"],
            because: "`whenScaled: Retain`이 기본값입니다. <web-1>과 <web-2>의 클레임은 데이터와 함께 남고, 나중에 다시 생긴 <web-1>은 자기 클레임을 되찾습니다.",
        },
        Words {
            title: "카나리 배포",
            story: "파드 3개가 모두 `nginx:1.27`을 실행하고 있고 `partition`은 2입니다. 이제 다음 명령을 실행합니다.",
            question: None,
            claims: [
                "<web-2>만 교체됨",
                "<web-2>, <web-1>, <web-0> 순서로 교체됨",
                "<web-0>, <web-1> 순서로 교체됨",
                "`partition`이 0이 될 때까지 아무 일도 없음",
            ],
            because: "순번이 `partition`보다 낮은 파드는 이전 리비전을 유지합니다. <web-0>과 <web-1>은 삭제되더라도 이전 리비전으로 다시 생성됩니다.",
        },
        Words {
            title: "되돌리기",
            story: "가져올 수 없는 이미지로 업데이트하다가 멈춰 있습니다. <web-2>가 Ready가 아닙니다. 이제 다음 명령을 실행합니다.",
            question: None,
            claims: [
                "<web-2>가 교체되어 다시 실행됨",
                "모든 파드가 교체됨",
                "아무 일도 없음: <web-2>는 고장 난 채로 남음",
                "<web-0>이 먼저 교체됨",
            ],
            because: "매니페스트는 다시 올바르지만, 컨트롤러는 <web-2>가 Ready가 되어야 파드를 교체합니다. 그런데 <web-2>는 결코 Ready가 되지 못합니다. <web-2>를 직접 삭제하세요.",
        },
        Words {
            title: "노드가 응답하지 않으면",
            story: "파드 3개가 모두 Ready이고 각각 다른 노드에 있습니다. 이제 <web-1>이 있는 노드의 전원을 끊습니다.",
            question: None,
            claims: [
                "아무 일도 없음: <web-1>은 그대로",
                "약 6분 뒤 <web-1>이 삭제되고, 대신할 파드는 생기지 않음",
                "약 6분 뒤 <web-1>이 삭제되고, 다른 노드에 다시 생성됨",
                "<web-3>이 곧바로 대신 생성됨",
            ],
            because: "하트비트가 50초 동안 없으면 노드는 NotReady가 되고, 그로부터 5분 뒤 <web-1>의 삭제가 요청됩니다. <web-1>이 종료되었는지 확인해 줄 kubelet이 없으므로 오브젝트는 Terminating에 머물고, 두 번째 <web-1>은 만들어지지 않습니다. 첫 번째가 아직 실행 중일 수 있기 때문입니다. 디스크도 그 노드에 있어, 강제로 삭제해도 새 <web-1>은 Pending에 머뭅니다.",
        },
    ],
};
