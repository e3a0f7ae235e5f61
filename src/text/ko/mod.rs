//! Korean. Terms are those of the Korean Kubernetes documentation: 파드, 스테이트풀셋, 디플로이먼트, 스토리지클래스, 클레임, 순번
//! (ordinal), 신원 (identity), 축출, 유예 기간, 준비성 프로브. Fields, states and commands stay English.
//! Sentences end in 습니다, labels and buttons are noun phrases, and what ends a wait ends in 때.

mod application;
mod ask;
mod compare;
mod dense;
mod dns;
mod form;
mod lesson;
mod node;
mod note;

use crate::ahead::{Ahead, Because, Does};
use crate::rows;
use sim::{Fault, Refused};
use yaml::{MAX_BYTES, MAX_DEPTH, MAX_NODES, Problem};

use super::josa::Josa;
use super::{Bar, Cluster, Details, Dns, Instead, Keys, Manifest, Storage, Terminal, Text, Time, Why};

/// The name of an object that a sentence is about: `<web-0>은`.
fn topic(name: &str) -> String {
    format!("<{name}>{}", Josa::Topic.after(name))
}

/// The name of an object that does something.
fn subject_of(name: &str) -> String {
    format!("<{name}>{}", Josa::Subject.after(name))
}

/// The name of an object to which something is done.
fn object(name: &str) -> String {
    format!("<{name}>{}", Josa::Object.after(name))
}

/// What is about to happen.
fn ahead(ahead: &Ahead) -> String {
    match ahead {
        Ahead::Kubelet { node, pod, does } => {
            let (particle, does) = match does {
                Does::Admits => (Josa::Object.after(pod), "받아들임"),
                Does::Starts => (Josa::Object.after(pod), "시작함"),
                Does::Probes => ("에", "프로브를 보냄"),
                Does::Restarts => ("의", "컨테이너를 재시작함"),
                Does::HasPulled => ("의", "이미지를 다 가져옴"),
                Does::Pulls => ("의", "이미지 가져오기를 다시 시도함"),
                Does::Looks => ("의", "컨테이너 상태를 확인함"),
                Does::Stops => (Josa::Object.after(pod), "종료함"),
            };
            format!("{node} 노드의 kubelet이 {pod}{particle} {does}")
        }
        Ahead::Node(node) => format!("{node} 노드의 kubelet이 노드 상태를 보고함"),
        Ahead::Scheduler => "스케줄러가 노드를 찾아봄".to_owned(),
        Ahead::Provisioner { claim } => format!("{claim}의 볼륨이 생성됨"),
        Ahead::Application => "애플리케이션이 데이터를 쓰거나 합의함".to_owned(),
        Ahead::ControlPlane => "컨트롤 플레인이 작업을 이어 감".to_owned(),
    }
}

/// Why something could not be done to the cluster.
fn refused(refused: &Refused) -> String {
    match refused {
        Refused::NoMachine(node) => format!("{node} 머신이 없습니다"),
        Refused::IsOff(node) => format!("{node} 머신은 이미 꺼져 있습니다"),
        Refused::IsOn(node) => format!("{node} 머신은 이미 켜져 있습니다"),
        Refused::NoPod(pod) => format!("{pod} 파드가 없습니다"),
        Refused::HasNoNode(pod) => format!("{pod} 파드는 아직 노드에 배정되지 않았습니다"),
        Refused::NodesMost(most) => format!("클러스터에는 노드를 {most}개까지 둘 수 있습니다"),
        Refused::NoModel => "기준으로 삼을 머신이 없습니다".to_owned(),
        Refused::NoSet(set) => format!("{set} 스테이트풀셋이 없습니다"),
        Refused::TakesNoWrites(set) => {
            format!(
                "{set} 스테이트풀셋에는 쓰기를 받는 프로세스가 없습니다. mysql, postgres, redis, zookeeper, etcd, consul이 쓰기를 받습니다"
            )
        }
    }
}

/// What was done to a pod or a node, or that nothing was to do.
fn done(fault: &Fault, changed: bool) -> String {
    let nothing = |what: String| format!("{what} 할 일이 없습니다.");
    match fault {
        Fault::PodUnready { pod, .. } if changed => format!("{pod} 파드를 Ready가 아닌 상태로 둡니다."),
        Fault::PodUnready { pod, .. } => nothing(format!("{pod} 파드는 이미 Ready가 아닌 상태로 두었습니다.")),
        Fault::PodReady { pod, .. } if changed => format!("{pod} 파드의 컨테이너가 다시 응답합니다."),
        Fault::PodReady { pod, .. } => nothing(format!("{pod} 파드에서 실행 중인 컨테이너는 모두 Ready입니다.")),
        Fault::PodFrozen { pod, .. } => format!("{pod} 파드의 프로세스가 응답을 멈췄습니다."),
        Fault::PowerOff { node } => format!("{node} 머신을 껐습니다."),
        Fault::NodeDown { node } if changed => format!("{node} 머신의 네트워크를 끊었습니다."),
        Fault::NodeDown { node } => nothing(format!("{node} 머신은 이미 네트워크에 연결되어 있지 않습니다.")),
        Fault::NodeUp { node, .. } if changed => format!("{node} 머신이 켜져 있고 네트워크에 다시 연결되었습니다."),
        Fault::NodeUp { node, .. } => nothing(format!("{node} 머신은 켜져 있고 네트워크에 연결되어 있습니다.")),
        Fault::PowerOn { .. } | Fault::Crash { .. } | Fault::Evict { .. } => String::new(),
    }
}

/// Of what a text holds too much.
fn too_much(problem: &Problem) -> String {
    match problem {
        Problem::TooLong => format!("플레이그라운드는 텍스트를 {} MiB까지 읽습니다.", MAX_BYTES >> 20),
        Problem::TooDeep => format!("플레이그라운드는 리스트와 맵을 {MAX_DEPTH}단계까지 읽습니다."),
        Problem::TooManyNodes => format!("플레이그라운드는 문서 하나에서 값을 {MAX_NODES}개까지 읽습니다."),
        _ => String::new(),
    }
}

/// The Korean table.
pub static KOREAN: Text = Text {
    skip: "클러스터로 바로가기",
    close: "닫기",
    bar: Bar {
        tagline: "스테이트풀셋 플레이그라운드",
        language: "언어",
        theme_auto: "테마: 시스템 설정",
        theme_light: "테마: 밝게",
        theme_dark: "테마: 어둡게",
        keys: "모든 단축키",
        panes: "창",
    },
    hello: lesson::HELLO,
    lessons: lesson::LESSONS,
    manifest: Manifest {
        title: "매니페스트",
        apply: "적용",
        editing: |what| format!("{what} 편집"),
        save: "저장",
        leave_edit: "매니페스트로 돌아가기",
        hide: "매니페스트 숨기기",
        example: "예제",
        examples: ["nginx: 하나씩 차례로", "redis: 프라이머리와 레플리카", "etcd: 멤버 셋의 쿼럼", "빈 클러스터(스토리지클래스 없음)"],
        applied: |stored, objects, at| {
            let only = if stored < objects { format!(" 중 {stored}개") } else { String::new() };
            format!("오브젝트 {objects}개{only} · {at}에 적용")
        },
        edited: "수정됨, 적용 전",
        errors: |n| format!("오류 {n}건"),
        notes: |n| format!("참고 {n}건"),
        problems: "문제",
        not_applied: "적용되지 않음",
        will_not_work: ["적용 전: 적용해도 동작하지 않음", "적용은 되지만 동작하지 않음"],
        repeated: "중복: 마지막 값만 유효",
        not_simulated: "적용은 되지만 시뮬레이션하지 않음",
        programs: |programs| format!("시뮬레이션하지 않는 프로그램: {programs}. 컨테이너가 계속 실행되며 요청에 응답한다고 봅니다."),
        images: |images| format!("내용을 모르는 이미지: {images}. 명령 메뉴에서 바꾸지 않으면 정상적으로 시작해 포트에서 수신 대기합니다."),
        kept: |fields| format!("Ordinal이 시뮬레이션하지 않는 항목: {fields}. 값은 그대로 두고 무시합니다."),
        line: |n| format!("{n}행"),
        leave: "Tab은 들여쓰기입니다. Escape를 누르고 Tab을 누르면 편집기에서 나갑니다.",
        fix: "수정",
        fix_all: |count| format!("{count}건 모두 수정"),
        allowed: "여기에 쓸 수 있는 필드",
        too_long: |kib| format!("편집기에는 {kib} KiB까지 넣을 수 있습니다. 붙여넣은 내용이 더 길어 적용하지 않았습니다."),
        unknown_field: |field| format!("여기에는 `{field}` 필드가 없습니다. 필드 이름은 저장하기 전에 검사합니다."),
        unknown_field_near: |field, near| format!("여기에는 `{field}` 필드가 없습니다. 혹시 `{near}`인가요? 아무것도 저장되지 않았습니다."),
        required: |field| format!("`{field}` 값은 필수입니다."),
        fixed: |field| format!("오브젝트가 생성된 뒤에는 `{field}` 값을 바꿀 수 없습니다."),
        copied: "서버가 기록한 값까지 복사되었습니다. `resourceVersion`과 `uid`를 지우면 적용됩니다.",
        taken_over: "스테이트풀셋을 삭제해도 파드는 남길 수 있습니다. 다시 적용하면 새 스테이트풀셋이 그 파드를 넘겨받습니다.",
        without_pods: "파드는 두고 스테이트풀셋만 삭제",
        unfit: |field| format!("`{field}`에 쓸 수 없는 값입니다."),
        not_selected: "이대로는 파드를 찾지 못합니다. `selector.matchLabels`와 템플릿의 `labels`가 일치해야 합니다.",
        no_volume: |name| format!("`{name}` 볼륨이 없습니다. `volumes`에도 `volumeClaimTemplates`에도 그런 이름이 없습니다."),
        unknown_kind: "이 API 버전에는 이런 `kind`가 없습니다.",
        unknown_kind_near: |near| format!("이런 `kind`는 없습니다. 혹시 `{near}`인가요?"),
        custom_kind: "커스텀 리소스이며, 그 정의가 여기에 없습니다. kubectl은 이를 건너뛰고 계속합니다.",
        custom_kind_late: "커스텀 리소스입니다. kubectl은 이 매니페스트의 정의가 생성되기 전에 종류를 조회했습니다. 한 번 더 적용하세요.",
        no_namespace: |name| format!("<{name}> 네임스페이스가 없어 그 안에 아무것도 저장할 수 없습니다."),
        create_namespace: |name| format!("네임스페이스 {name} 생성하고 적용"),
        not_yaml: "이 부분을 YAML로 읽을 수 없어 이 문서부터는 보내지 않았습니다.",
        pasted_chars: [
            "YAML에서는 여기에 탭을 쓸 수 없고 공백만 쓸 수 있습니다.",
            "줄 바꿈 없는 공백으로 들여쓴 줄이 있습니다. YAML은 이를 공백이 아닌 글자로 읽습니다.",
            "YAML은 둥근따옴표를 글자로 읽습니다.",
            "마크다운의 코드 블록 표시는 YAML이 아닙니다.",
        ],
        open_quote: "여기서 연 따옴표를 닫지 않았습니다.",
        no_blank: |key| format!("`{key}` 뒤에 공백이 없습니다."),
        indented: |by, fits| {
            let fits: Vec<String> = fits.iter().map(usize::to_string).collect();
            format!("이 줄은 {by}칸 들여썼습니다. {}칸이 맞습니다.", fits.join("칸이나 "))
        },
        no_object: "오브젝트에는 `apiVersion`, `kind`, `metadata`가 있어야 합니다. 여기에는 빠진 것이 있습니다.",
        counted: "kubectl은 행 번호를 문서가 시작하는 곳부터 셉니다.",
        template: |hole, line| {
            format!(
                "이 파일은 템플릿입니다. {line}행의 `{hole}` 자리에 값을 먼저 채워야 합니다. `helm template`이나 `envsubst`로 채울 수 있습니다."
            )
        },
        printed: [
            "터미널 화면입니다. 여기에는 프롬프트와 명령 없이 `apiVersion`이 있는 YAML 매니페스트를 넣어야 합니다.",
            "kubectl이 출력한 표입니다. 여기에는 `kubectl get -o yaml`의 출력과 같은 매니페스트를 넣어야 합니다.",
            "`kubectl describe`의 출력입니다. 여기에는 `kubectl get -o yaml`의 출력과 같은 매니페스트를 넣어야 합니다.",
        ],
        too_much,
        in_quotes: "여기에는 문자열이 와야 합니다. 따옴표로 감싸면 문자열이 됩니다.",
        whole_number: "여기에는 따옴표 없는 정수가 와야 합니다.",
        no_service: |service| {
            format!("<{service}> 서비스가 없습니다. API 서버는 이를 검사하지 않으므로 파드는 실행되지만, 파드의 이름은 조회되지 않습니다.")
        },
        no_class: |class| {
            format!("<{class}> 스토리지클래스가 없습니다. API 서버는 이를 검사하지 않으므로 클레임도 파드도 Pending에 머뭅니다.")
        },
        no_account: |account| {
            format!("<{account}> 서비스어카운트가 없습니다. API 서버는 이 오브젝트는 받아들이지만, 그 파드는 모두 거부합니다.")
        },
        no_reference: |kind, name| {
            format!("<{name}> {kind}이 없습니다. API 서버는 이를 검사하지 않으므로, 이를 참조하는 컨테이너는 시작되지 않습니다.")
        },
        no_image: |image, fault| {
            format!(
                "`{image}`{} 이미지 이름이 될 수 없습니다(`{fault}`). API 서버는 이를 검사하지 않으므로 컨테이너가 시작되지 않습니다.",
                Josa::Topic.after(image)
            )
        },
        no_such_volume: |volume| {
            format!("<{volume}> 퍼시스턴트볼륨이 없습니다. API 서버는 이를 검사하지 않으므로 클레임이 바인딩되지 않습니다.")
        },
        lets_none_go: |budget, kept, pods| {
            format!("{} 파드 {pods}개 중 {kept}개가 정상이기를 요구하므로 드레인이 끝나지 않습니다.", subject_of(budget))
        },
        twice: |key| format!("kubectl은 경고 없이 이 `{key}` 값을 쓰고 위의 값은 무시합니다."),
    },
    cluster: Cluster {
        title: "클러스터",
        grid: "클러스터: 열은 순번, 행은 노드",
        ordinal: "순번 →",
        node: "노드 ↓",
        no_node_yet: "아직 노드 없음",
        stop_node: "노드 중지",
        start_node: "노드 시작",
        replicas: "replicas",
        scale_in: "스케일 인",
        scale_out: "스케일 아웃",
        commands: "명령",
        empty: "스테이트풀셋을 적용하면 파드가 여기에 나타납니다.",
        choose_set: "표시할 스테이트풀셋",
        choose_side: "옆에 표시할 워크로드",
        set: "스테이트풀셋",
        no_ordinals: "순번이 없습니다. 대체 파드는 새 이름을 받습니다.",
        ready_of: |ready, wanted| {
            if ready > wanted { format!("{ready} Ready, 목표 {wanted}") } else { format!("{ready} / {wanted} Ready") }
        },
        first_shown: |most| format!("처음 {most}개만 표시"),
        not_created: "생성 안 됨",
        not_recreated: "재생성 안 됨",
        running_not_ready: "Running, Ready 아님",
        not_ready: "Ready 아님",
        silent_for: |age| format!("{age} 동안 응답 없음"),
        revision: |n| format!("리비전 {n}"),
        ready_containers: |ready| format!("컨테이너 {ready} 준비됨"),
        published: "DNS에 게시됨",
        not_published: "DNS에 게시되지 않음",
        more: |n| format!("외 {n}개"),
        delete: |name| format!("{name} 삭제"),
        make_unready: |pod| format!("{pod} Ready 해제"),
        freeze: |pod| format!("{pod} 응답 중단"),
        make_ready: |pod| format!("{pod} Ready 복구"),
        break_image: "이미지 망가뜨리기",
        image_does: [
            ("crash", "이미지: 시작할 때마다 비정상 종료"),
            ("unready", "이미지: Ready가 되지 않음"),
            ("slow", "이미지: 30초 늦게 Ready"),
            ("stubborn", "이미지: SIGTERM 무시"),
            ("frozen", "이미지: 30초 뒤 응답 없음"),
            ("leaky", "이미지: 메모리 한도 초과"),
        ],
        roll_out: |image| format!("{image} 롤아웃"),
        roll_out_broken: "가져올 수 없는 이미지 롤아웃",
        undo: "마지막 롤아웃 되돌리기",
        hold: "partition으로 업데이트 보류",
        partition_spoken: |partition, first| match first {
            "" => format!("partition {partition}: 업데이트되는 파드 없음"),
            first => format!("partition {partition}: {first} 이상 업데이트"),
        },
        runs_revision: |pod, revision| format!("<{pod}>: {revision}"),
        mend_image: "이미지 복구",
    },
    dense: dense::DENSE,
    node: node::NODE,
    terminal: Terminal {
        title: "터미널",
        note: "kubectl과 간단한 셸, 시뮬레이션",
        output: "터미널 출력",
        prompt: "kubectl 명령",
        tabs: "터미널 목록",
        new_tab: "새 터미널",
        unknown: |word| {
            format!(
                "{word}{} 여기서 시뮬레이션하지 않습니다. kubectl, playground와 기본 셸 도구를 쓸 수 있습니다.",
                Josa::Topic.after(word)
            )
        },
        told: note::told,
        instead: |wanted| match wanted {
            Instead::Editor => "매니페스트에 붙여넣거나, cat > 파일 <<'EOF', 내용, EOF를 차례로 입력해 파일을 만드세요.",
            Instead::Chart => "다른 곳에서 `helm template`이 출력한 내용을 매니페스트에 붙여넣을 수 있습니다.",
            Instead::Cluster => "클러스터는 이미 있습니다: kubectl get nodes.",
            Instead::Images => "이미지는 노드가 알아서 내려받습니다. 매니페스트에 적거나 kubectl run 이름 --image=이미지를 입력하세요.",
            Instead::Cloud => {
                "클라우드는 시뮬레이션하지 않습니다. 노드는 이미 있고(kubectl get nodes), 디스크는 스토리지클래스가 만들며, ssh 노드 명령으로 머신에 접속합니다."
            }
            Instead::Network => {
                "머신의 네트워크를 끊으려면 playground cut node 이름, 다시 연결하려면 playground start node 이름을 입력하세요."
            }
            Instead::Listing => "ls -l을 입력하세요. 머신에서는 ssh 노드 ls -l 경로를 입력하세요.",
            Instead::Jobs => "실행 중인 명령은 Ctrl C로, 첫째 백그라운드 작업은 kill %1로 멈춥니다.",
            Instead::Namespace => "이렇게 합니다: kubectl config set-context --current --namespace=이름.",
            Instead::Inside => "파드 안에서: kubectl exec -it 파드 -- 명령, 또는 kubectl run -it --rm 이름 --image=이미지 -- 명령.",
        },
        usage: "why 이름\nplayground stop|cut|start node 이름\nplayground add nodes 개수\nplayground unready|ready|freeze pod 이름\nplayground break|mend image 이미지\nplayground run provisioner 이름\nplayground form classic|today\nplayground image 이미지 crash|unready|slow|stubborn|frozen|leaky|broken|well\nplayground write statefulset 이름 [횟수]\nplayground beside statefulset 이름 [shared]",
        refused,
        done,
        classic: "예전 출력 형식",
        classic_hint: "가이드 대부분이 쓰인 시절의 kubectl 형식으로 출력",
        copy_text: "텍스트 복사",
        copy_text_hint: "이 터미널의 내용 복사",
        copy_scenario: "시나리오로 복사",
        copy_scenario_hint: "입력한 명령과 그 시점을 replay로 재생할 수 있는 파일로 복사",
        stop: "Ctrl C로 중단",
        time_stands_still: "시간이 멈춰 있습니다. 재생하면 계속됩니다.",
        height: "터미널 높이",
        lines: |n| format!("{n}줄"),
        copied: "복사했습니다.",
        changed: form::changed,
    },
    why: Why {
        region: "설명",
        title: "이유",
        decided_by: "결정 요인",
        ends_when: "해소 조건",
        docs: "문서",
        docs_language: "(영어)",
        all: "모든 결정",
        one: "최근 결정",
        since: |at| format!("{at}부터"),
        nothing: "아직 결정된 것이 없습니다.",
        refused: "아직 아무것도 실행되지 않습니다.",
        refused_why: "매니페스트가 거부되어 어떤 컨트롤러에도 전달되지 않았습니다.",
        tell: |case| rows::korean().tell(case),
        ready_fact: |pod| format!("{} Running이고 Ready입니다", topic(pod)),
        waits_for: |pod, other| format!("{} {} 기다립니다", subject_of(pod), object(other)),
        seen: |field, value| format!("`{field}`: {value}"),
        times: |n| format!("시도 {n}회"),
        restarts: |n| format!("재시작 {n}회"),
        docs_network: "네트워크 필요",
        comes_from: "출처",
        ask: ask::ASK,
    },
    details: Details { title: "세부 정보", events: "이벤트", newest_first: "최신순, 한 시간 보관" },
    dns: Dns {
        note: "파드에서 조회",
        name: "이름",
        answer: "응답",
        empty: "스테이트풀셋의 서비스가 만드는 이름이 여기에 나타납니다.",
        unnamed: "이 스테이트풀셋에는 `serviceName`이 없어 파드에 DNS 이름이 없습니다.",
        headless: "헤드리스 서비스: Ready 파드",
        headless_all: "헤드리스 서비스: Ready가 아닌 파드도 포함",
        cluster_ip: "서비스 자체의 주소",
        no_service: |service| format!("<{service}> 서비스가 없어 파드가 DNS 이름 없이 실행됩니다."),
        tell: dns::tell,
        srv: "SRV",
        srv_title: "이름 있는 포트의 SRV 레코드",
        ask: "nslookup이나 dig처럼 이름 조회",
    },
    storage: Storage {
        title: "스토리지",
        class: |class| format!("스토리지클래스 {class}"),
        disk: "디스크",
        written: "쓰기",
        not_created: "생성 안 됨",
        no_volume: "아직 볼륨 없음",
        silent: |node| format!("{node} 응답 없음"),
        mounted_twice: "마운트 2개",
        empty: "스테이트풀셋의 클레임이 여기에 나타납니다.",
        without: "이 스테이트풀셋에는 volumeClaimTemplates가 없습니다.",
    },
    application: application::APPLICATION,
    time: Time {
        title: "타임라인",
        transport: "가상 시간",
        clock: "가상 시간",
        play: "재생",
        pause: "일시 정지",
        step: "다음 이벤트",
        back: "이전 이벤트",
        begin_again: "매니페스트로 처음부터 다시 시작",
        to_start: "처음으로",
        begun_again: "매니페스트로 처음부터 다시 시작했습니다.",
        bring_back: "이전 실행으로 돌아가기",
        instant: "표시 중인 시점",
        to_now: "현재로",
        past: "과거를 보고 있습니다. 여기서 조작하면 새 분기가 시작되고, 원래 이어지던 기록은 그대로 남습니다.",
        forked: |at, kept| format!("{at}에 새 분기가 시작됩니다. 원래 이어지던 기록은 분기 {kept}에 남습니다."),
        stop_when: "자동 정지",
        stop_not_ready: "파드가 Ready에서 벗어날 때",
        stop_rollout: "롤아웃이 대기하기 시작할 때",
        stop_event: "이벤트 reason이 다음일 때",
        skip: "다음 타이머로 건너뛰기",
        is_livelocked: "시간이 여기서 멈췄습니다. 모델이 같은 일을 되풀이하는 저희 쪽 오류입니다. 이전 시점으로 돌아가거나, 이 실행의 링크와 함께 알려 주세요.",
        stopped: |because, name, at| match because {
            Because::NotReady => format!("{at}에 멈췄습니다: {name} 파드가 더 이상 Ready가 아닙니다."),
            Because::RolloutWaits => format!("{at}에 멈췄습니다: {name} 롤아웃이 대기하기 시작했습니다."),
            Because::Event => format!("{at}에 멈췄습니다: {name}에 대한 이벤트가 기록되었습니다."),
        },
        branches: "분기",
        branch: |number, left| match left {
            Some((at, line)) => format!("{number} · {at}부터: {line}"),
            None => format!("{number} · 처음부터"),
        },
        quiet: "변화가 없을 때까지 실행",
        speed: "속도",
        events: "이벤트",
        paused: "일시 정지됨.",
        is_quiet: "변화 없음: 남은 작업 없음",
        next: |what, wait| format!("다음: {}{what}", if wait.is_empty() { String::new() } else { format!("{wait} 뒤 ") }),
        seconds: |seconds| format!("{seconds}초"),
        ahead,
        at: |what, when| format!("{what}, {when}"),
        apply: "apply",
        as_table: "표로 보기",
        from: "시작",
        until: "끝",
        key_play: "재생",
        key_step: "이벤트",
        key_all: "단축키",
        behind: "이 기기는 선택한 속도를 따라가지 못합니다.",
    },
    compare: compare::COMPARE,
    link: compare::LINK,
    keys: Keys {
        title: "모든 단축키",
        single: "글자, 숫자, 기호 키를 단독 단축키로 사용",
        play: "재생, 일시 정지",
        step: "이전 이벤트, 다음 이벤트",
        skip: "다음 타이머로 건너뛰기",
        fine: "타임라인에서: 100ms 뒤로, 앞으로",
        ends: "처음, 현재",
        quiet: "변화가 없을 때까지 실행",
        speed: "속도 0.25×, 1×, 4×, 20×, 100×, 1000×",
        tiles: "클러스터에서: 타일과 빈칸 사이 이동",
        next_unready: "Ready가 아닌 다음 파드",
        scale: "표시된 스테이트풀셋 스케일링",
        node: "선택한 파드의 노드 중지, 시작",
        apply: "매니페스트 적용",
        problem: "다음 문제, 이전 문제",
        beside: "다른 분기를 나란히 놓기",
        swap: "나란히 놓은 분기와 맞바꾸기",
        linked: "같은 대상에 관한 다음, 이전 위치",
        panes: "이유, DNS, 스토리지, 매니페스트, 실습",
        terminal: "터미널",
        region: "다음 영역, 이전 영역",
        theme: "테마",
        compare: "스테이트풀셋 옆에 디플로이먼트",
        present: "프로젝터용 크게 보기",
        escape: "닫기, 편집기나 터미널에서 나가기",
        all: "이 목록",
    },
};
