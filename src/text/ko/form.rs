//! What kubectl puts differently today, told in Korean.

use api::change::Change;

/// What changed, since when, and how to have it as it was.
pub fn changed(change: Change) -> String {
    let what = match change {
        Change::DeletedFrom => "delete가 네임스페이스를 함께 출력함",
        Change::ForceWarning => "이 경고가 대문자로 시작함",
        Change::ImmutableFields => "바꿀 수 없는 필드를 하나씩 따로 알려 줌",
        Change::MaxUnavailable => "모든 롤링 업데이트에 기본으로 maxUnavailable이 있음",
        Change::AttributesClass => "볼륨과 클레임에 VOLUMEATTRIBUTESCLASS 열이 있음",
        Change::EndpointsWarning => "Endpoints를 사용하면 경고함",
        Change::Description => "describe가 스테이트풀셋, 포트, 프로브, 이벤트를 더 자세히 출력함",
        Change::TemplateTimestamp => "파드 템플릿에 creationTimestamp: null이 없음",
        Change::UndoWarning => "kubectl apply를 쓴 경우 rollout undo가 경고함",
        Change::SchedulingWords => "스케줄러가 여기서 선점(preemption)을 언급하지 않음",
        Change::NodeLost => "응답 없는 노드에서 삭제 중인 파드는 Unknown이 아니라 Terminating임",
        Change::FinishedPhase => "삭제 중인 파드는 컨테이너가 끝나면 Terminating이 아니라 Completed임",
        Change::KernelArchitecture => "커널 열에 아키텍처가 붙음",
        Change::RemovedVersion(_) => "이 버전은 더 이상 제공되지 않음. 제공되는 버전은 kubectl api-resources로 확인할 수 있음",
    };
    let way_back = if change.is_form() { " (예전 형식으로 보기: playground form classic)" } else { "" };
    format!("쿠버네티스 {}부터: {what}.{way_back}\n", change.since())
}
