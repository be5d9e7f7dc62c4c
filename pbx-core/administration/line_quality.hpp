#pragma once

namespace roamdesk::administration {

// What a call in G.711 over this line would sound like, 1 (bad) to 4.4 (a good line's best): the E-model (ITU-T G.107)
// with its usual simplifications. `rtt_ms`, `jitter_ms`: of the line, milliseconds; `loss`: 0..1.
double estimated_mos(double rtt_ms, double jitter_ms, double loss);

}  // namespace roamdesk::administration
