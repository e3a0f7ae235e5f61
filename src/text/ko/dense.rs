//! Many ordinals, in Korean.

use crate::dense::Dense;

/// Many ordinals.
pub const DENSE: Dense = Dense {
    arrange: "배열",
    by_ordinal: "순번순",
    by_node: "노드별",
    cells: "클러스터: 순번마다 한 칸, 한 행에 50칸",
    cells_by_node: "클러스터: 순번마다 한 칸, 노드마다 한 행",
    filter: "이것만 보기",
    node: "표시할 노드",
    all_nodes: "모든 노드",
    go_to: "순번으로 이동",
    legend: "채움 = 리비전, 모양 = 상태",
    pod: "파드",
    place: "노드",
    state: "상태",
    next: "다음",
    more: |n| format!("외 파드 {n}개"),
};
