//! What the playground says between what programs print, in Korean.

use crate::josa::Josa;
use base::note::Note;

/// A note as the terminal prints it.
pub fn told(note: &Note) -> String {
    let topic = Josa::Topic.after(note.of()[0]);
    note.told(&sentence(note).replace("은/는", topic))
}

/// The sentence; a particle in both forms follows the first name.
fn sentence(note: &Note) -> &'static str {
    match note {
        Note::Own(_) => "@",
        Note::NotSimulated(_) => "@은/는 시뮬레이션하지 않습니다.",
        Note::Unsupported(_) => "@은/는 여기서 시뮬레이션하지 않습니다.",
        Note::Chance => "`$RANDOM`: 임의의 값은 여기서 시뮬레이션하지 않습니다.",
        Note::NoEffect(_) => "@은/는 여기서 효과가 없습니다.",
        Note::TakenAsFinished => "스크립트는 끝난 것으로 봅니다.",
        Note::TooMuch(_) => "한 번에 @바이트가 넘어 나머지는 잘랐습니다.",
        Note::Incomplete => "이 줄은 완성되지 않았습니다.",
        Note::OpenQuote(_) => "따옴표 @ 하나가 닫히지 않았습니다.",
        Note::Crowded => "백그라운드 작업이 이미 너무 많습니다.",
        Note::Rounds(_) => "@번 반복했습니다. 이후의 동작은 시뮬레이션하지 않습니다.",
        Note::Without(..) => "@ 명령은 @ 없이는 시뮬레이션하지 않습니다.",
        Note::Unreadable(..) => "@ 명령이 입력을 읽을 수 없습니다: @.",
        Note::Differ(..) => "@ 파일과 @ 파일이 다릅니다. 어떻게 다른지는 시뮬레이션하지 않습니다.",
        Note::OneFile(_) => "@은/는 파일 하나와 목적지만 시뮬레이션합니다.",
        Note::OfFolder(_) => "디렉터리에 대한 @은/는 시뮬레이션하지 않습니다.",
        Note::WholeNumbers(_) => "seq @은/는 시뮬레이션하지 않습니다. 정수만 됩니다.",
        Note::SeqEnds(_) => "seq는 숫자 @개에서 멈춥니다.",
        Note::Kill(_) => {
            "@은/는 시뮬레이션하지 않습니다. 밖에서 `playground freeze pod 이름`은 프로세스의 응답을 멈추고, `kubectl delete pod 이름`은 끝냅니다."
        }
        Note::DiskFree(_) => {
            "@은/는 시뮬레이션하지 않습니다. 파일이 차지하는 크기는 `du -sh 디렉터리`, 볼륨의 크기는 밖에서 `kubectl get pvc`로 볼 수 있습니다."
        }
        Note::Command(_) => "@의 이 명령은 시뮬레이션하지 않습니다.",
        Note::OutsideMember(_) => "멤버 밖의 @은/는 시뮬레이션하지 않습니다.",
        Note::SpacedKey => "공백이 있는 키나 여러 줄인 값은 시뮬레이션하지 않습니다.",
        Note::Statement(_) => "SQL 문 @은/는 시뮬레이션하지 않습니다.",
        Note::NoLeader => "받아 줄 리더가 없습니다. 연결되는 멤버가 쿼럼보다 적습니다.",
        Note::CurlFormat(_) => "curl -w @은/는 시뮬레이션하지 않습니다. %{http_code}만 됩니다.",
        Note::CurlFiles => "curl은 여기서 파일을 쓰지 않습니다. curl URL > 파일로 쓰세요.",
        Note::Unreachable(_) => "여기서 @에 연결할 수 없습니다. 클러스터 안의 평문 HTTP만 됩니다.",
        Note::Outside(_) => "@은/는 바깥에 있습니다. 알려진 주소만 시뮬레이션합니다. 그 내용은 매니페스트에 붙여넣을 수 있습니다.",
        Note::InsideOnly(_) => "@은/는 클러스터 안에서만 조회됩니다. 파드 안에서 확인하세요: kubectl exec 파드 -- curl 주소",
        Note::Listens(_) => "@에서 무언가 수신하지만, 어떻게 답하는지는 시뮬레이션하지 않습니다.",
        Note::ProxyOnly => "API 서버의 경로 중에서는 파드 프록시만 됩니다: /api/v1/namespaces/네임스페이스/pods/파드/proxy/",
        Note::Ssh => "`ssh 노드 명령`으로 클러스터의 머신에 접속하세요.",
        Note::With(..) => "`kubectl @`의 @ 옵션은 시뮬레이션하지 않습니다.",
        Note::Help(_) => "`@`의 도움말은 시뮬레이션하지 않습니다.",
        Note::HelpOf(..) => "`@`의 도움말은 시뮬레이션하지 않습니다. 하위 명령: @.",
        Note::Debug(_) => {
            "@은/는 시뮬레이션하지 않습니다. 컨테이너에는 `kubectl exec -it 파드 -- sh`로 들어가고, \
             `kubectl run -it --rm 이름 --image=busybox:1.36`으로 파드를 옆에 띄울 수 있습니다."
        }
        Note::ByExpressions => "matchExpressions가 있는 오브젝트의 `kubectl expose`는 시뮬레이션하지 않습니다.",
        Note::Contexts => "다른 컨텍스트는 시뮬레이션하지 않습니다.",
        Note::CopiesFolder(_) => "디렉터리(@) 복사는 시뮬레이션하지 않습니다. 파일은 하나씩 복사할 수 있습니다.",
        Note::Reads(_) => "@은/는 바깥에 있어 읽을 수 없습니다. 그 내용은 매니페스트에 붙여넣을 수 있습니다.",
        Note::ReadsPart(..) => "@ 전체를 읽는 것은 시뮬레이션하지 않습니다(@).",
        Note::Documented => "필드 문서: https://kubernetes.io/docs/reference/kubernetes-api/.",
    }
}

#[cfg(test)]
mod tests {
    /// Each note's name, and how many blanks its sentence has.
    fn blanks(source: &str) -> Vec<(&str, usize)> {
        let table = source.split("\nfn sentence").nth(1).and_then(|rest| rest.split("\n}\n").next()).expect("a table");
        let rows = table.split("\n        Note::").skip(1);
        rows.map(|row| (row.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default(), row.matches('@').count())).collect()
    }

    #[test]
    fn both_languages_tell_the_same() {
        let [english, korean] = [blanks(include_str!("../../base/note.rs")), blanks(include_str!("note.rs"))];
        assert!(english.len() > 40 && english.iter().any(|(_, blanks)| *blanks == 2), "{english:?}");
        assert_eq!(english, korean);
    }
}
