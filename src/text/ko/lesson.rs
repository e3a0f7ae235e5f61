//! The first visit and the lessons, in Korean.

use crate::text::lesson::{Hello, Lessons, Words};

/// The first visit.
pub const HELLO: Hello = Hello {
    title: "StatefulSet은 파드에 번호를 매기고, 번호마다 이름과 디스크를 지켜 줍니다.",
    here: "이 클러스터는 브라우저 안에서 돌아갑니다.",
    start: "학습 1 시작",
    paste: "YAML 붙여넣기",
    stop: "노드를 멈춰 보기",
};

/// The lessons.
pub const LESSONS: Lessons = Lessons {
    button: "학습",
    title: "학습",
    of: |n, all| format!("{all}개 중 {n}"),
    phases: ["예측", "실행", "확인"],
    question: |seconds| match seconds {
        120.. => format!("앞으로 {}분 동안 무슨 일이 일어날까요?", seconds / 60),
        _ => format!("앞으로 {seconds}초 동안 무슨 일이 일어날까요?"),
    },
    lock: "확정하고 실행",
    skip: "문제 건너뛰기",
    next: |title| format!("다음: {title}"),
    again: "되감아 다시",
    last: "플레이그라운드로",
    predicted: "내 예측",
    happened: "실제 결과",
    disturbed: "이 중에 없습니다. 그 사이에 다른 일을 했습니다.",
    hidden: "예측한 뒤에 보입니다.",
    hidden_why: "왜 창은 실행이 끝나면 열립니다. DNS와 스토리지는 열려 있으니 거기서 근거를 찾아보세요.",
    paused: "예측을 위해 멈춤",
    course: [
        Words {
            title: "순서대로 생성",
            story: "클러스터는 비어 있습니다. 매니페스트는 `podManagementPolicy: OrderedReady`로 레플리카 셋을 요청합니다. 이제 다음을 실행합니다.",
            question: None,
            claims: [
                "<web-0>, <web-1>, <web-2>가 동시에 생성",
                "<web-0>이 생성되고, 이어서 <web-1>, <web-2>",
                "<web-2>가 생성되고, 이어서 <web-1>, <web-0>",
                "<web-0>만 생성",
            ],
            because: "컨트롤러는 더 낮은 오디널이 모두 Running이고 Ready일 때만 파드를 생성합니다. 둘을 한꺼번에 만들지 않습니다.",
        },
        Words {
            title: "파드 삭제",
            story: "파드 셋이 모두 Ready입니다. 저마다 이름과 DNS 이름, 디스크가 있습니다. 이제 다음을 실행합니다.",
            question: None,
            claims: [
                "<web-1>이 사라지고 아무것도 대신하지 않음",
                "<web-1>이 사라지고 <web-3>이 대신함",
                "<web-1>과 <web-2>가 사라지고 둘 다 다시 생성",
                "<web-1>이 사라지고 <web-1>이 다시 생성",
            ],
            because: "이 세트는 오디널 0부터 2까지를 원합니다. 1이 없으므로 다시 만듭니다. 파드와 주소는 새것이고, 이름과 디스크는 그대로입니다.",
        },
        Words {
            title: "스케일 인",
            story: "파드 셋이 모두 Ready입니다. 이제 다음을 실행합니다.",
            question: None,
            claims: [
                "<web-2>가 삭제되고, 이어서 <web-1>",
                "<web-2>와 <web-1>이 동시에 삭제",
                "<web-0>이 삭제되고, 이어서 <web-1>",
                "<web-2>만 삭제",
            ],
            because: "스케일 인은 가장 높은 오디널부터 지우고, 그것이 사라진 뒤에야 다음을 지웁니다.",
        },
        Words {
            title: "비정상 파드가 있을 때 스케일 인",
            story: "<web-0>의 프로브가 실패합니다. Running이지만 Ready가 아닙니다. <web-1>과 <web-2>는 정상입니다. 이제 다음을 실행합니다.",
            question: None,
            claims: [
                "<web-2>가 삭제되고, 이어서 <web-1>",
                "<web-2>와 <web-1>이 동시에 삭제",
                "고장 난 <web-0>이 삭제",
                "<web-0>이 다시 Ready가 될 때까지 아무 일도 없음",
            ],
            because: "컨트롤러는 동기화할 때마다 남을 파드를 낮은 오디널부터 점검합니다. 남을 <web-0>이 Ready가 아니므로 삭제에 이르기 전에 끝납니다.",
        },
        Words {
            title: "Parallel",
            story: "같은 상황이지만 `podManagementPolicy: Parallel`입니다. 이번에도 <web-0>은 Ready가 아닙니다. 이제 다음을 실행합니다.",
            question: None,
            claims: [
                "<web-0>이 다시 Ready가 될 때까지 아무 일도 없음",
                "<web-2>가 삭제되고, 이어서 <web-1>",
                "<web-2>와 <web-1>이 동시에 삭제",
                "<web-0>이 삭제되고, 이어서 <web-2>",
            ],
            because: "`Parallel`은 생성하고 삭제할 때 다른 파드를 기다리지 않습니다. 그래도 템플릿 업데이트는 순서를 지킵니다.",
        },
        Words {
            title: "남는 것",
            story: "파드 셋에 클레임이 하나씩 있습니다. <data-web-0>, <data-web-1>, <data-web-2>. 실행되는 동안 스토리지를 보세요. 이제 다음을 실행합니다.",
            question: Some("1분 뒤에 클레임은 몇 개일까요?"),
            claims: ["하나: <web-0>의 클레임", "둘: 사라진 파드들의 클레임", "셋: 모두", "없음"],
            because: "`whenScaled: Retain`이 기본값입니다. <web-1>과 <web-2>의 클레임은 데이터와 함께 남고, 나중의 <web-1>은 자기 것을 다시 찾습니다.",
        },
        Words {
            title: "카나리",
            story: "파드 셋이 모두 `nginx:1.27`이고 `partition`은 2입니다. 이제 다음을 실행합니다.",
            question: None,
            claims: [
                "<web-2>만 교체",
                "<web-2>가 교체되고, 이어서 <web-1>, <web-0>",
                "<web-0>이 교체되고, 이어서 <web-1>",
                "`partition`이 0이 될 때까지 아무 일도 없음",
            ],
            because: "partition보다 낮은 오디널은 이전 리비전을 지킵니다. <web-0>과 <web-1>은 삭제되어도 이전 리비전으로 돌아옵니다.",
        },
        Words {
            title: "되돌아가는 길",
            story: "받을 수 없는 이미지로의 업데이트가 멈춰 있습니다. <web-2>가 Ready가 아닙니다. 이제 다음을 실행합니다.",
            question: None,
            claims: [
                "<web-2>가 교체되어 다시 실행",
                "모든 파드가 교체",
                "아무 일도 없음. <web-2>는 고장 난 채로 남음",
                "<web-0>이 먼저 교체",
            ],
            because: "매니페스트는 다시 옳지만, 컨트롤러는 <web-2>가 Ready가 되기를 기다린 뒤에야 파드를 교체하고, 그 일은 일어나지 않습니다. <web-2>를 직접 삭제하세요.",
        },
        Words {
            title: "노드가 응답하지 않으면",
            story: "파드 셋이 모두 Ready이고, 저마다 다른 노드에 있습니다. 이제 <web-1>이 있는 노드의 전원을 뽑습니다.",
            question: None,
            claims: [
                "아무 일도 없음. <web-1>은 그대로",
                "약 6분 뒤 <web-1>이 삭제되고, 대신하는 것은 없음",
                "약 6분 뒤 <web-1>이 삭제되고, 다른 노드에서 돌아옴",
                "<web-3>이 곧바로 대신함",
            ],
            because: "50초가 지나면 노드가 응답하지 않는다고 보고, 5분 뒤 <web-1>을 삭제합니다. 그런데 <web-1>이 끝났다고 확인해 줄 수 있는 것이 없습니다. 그래서 오브젝트는 Terminating으로 남고, 세트는 두 번째 <web-1>을 만들지 않습니다. 같은 이름 둘이 한 디스크에 쓸 수 있기 때문입니다.",
        },
    ],
};
