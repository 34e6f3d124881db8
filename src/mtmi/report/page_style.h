// The style sheet of the page. Private to report/.
#pragma once

#include <string_view>

namespace mtmi::report {

// Colours are variables: the dark ones replace the light ones where the reader's system is dark.
// The five frame colours are told apart in both, and by people who see no red or green.
inline constexpr std::string_view kStyle = R"css(
:root{color-scheme:light dark;--paper:#fbfbfa;--card:#fff;--ink:#1c2024;--soft:#5c6670;--rule:#dfe3e6;
--encoder:#dbe9fb;--head:#e0f2e5;--tail:#f6ecd9;--end:#eef0f2;--edge:#7b8794;--bar:#3b78c3;--cut:#d9583b;
--on-bar:#fff;--f0:#3b78c3;--f1:#b8730f;--f2:#2f8a60;--f3:#a9509a;--f4:#6b747d}
@media (prefers-color-scheme:dark){:root{--paper:#14171a;--card:#1d2125;--ink:#e8eaed;--soft:#a0a9b2;
--rule:#343a40;--encoder:#1f3650;--head:#1f3d2b;--tail:#46391f;--end:#2a2f34;--edge:#8a949e;--bar:#6ea3e3;
--cut:#f0785a;--on-bar:#14171a;--f0:#6ea3e3;--f1:#e8b454;--f2:#63bd94;--f3:#cc86bf;--f4:#969fa8}}
*{box-sizing:border-box}
body{margin:0 auto;max-width:1120px;padding:28px 20px 60px;background:var(--paper);color:var(--ink);
font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif}
h1{font-size:28px;line-height:1.2;margin:0 0 4px}h2{font-size:19px;margin:36px 0 8px;scroll-margin-top:12px}
h3{font-size:15px;margin:20px 0 4px}p{margin:4px 0 12px;max-width:75ch}.soft{color:var(--soft)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(150px,1fr));gap:12px;margin:20px 0}
.fact{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:10px 14px}
.fact b{display:block;font-size:19px;font-weight:600}.fact span{color:var(--soft);font-size:13px}
.card{background:var(--card);border:1px solid var(--rule);border-radius:8px;padding:14px;overflow-x:auto}
.grid2{display:grid;grid-template-columns:repeat(auto-fill,minmax(290px,1fr));gap:12px}
table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
th{text-align:left;font-weight:600;color:var(--soft)}th,td{padding:5px 14px 5px 0;vertical-align:top;
border-bottom:1px solid var(--rule);white-space:nowrap}tr:last-child td{border-bottom:0}
td.long{white-space:normal;overflow-wrap:break-word;min-width:170px}td.n,th.n{text-align:right}code{font:12.5px/1.4 ui-monospace,monospace}
nav{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 8px;font-size:14px}a{color:var(--bar);text-decoration:none}
a:hover{text-decoration:underline}details{margin-top:10px}summary{cursor:pointer;color:var(--soft)}
figure{margin:0 0 16px}figure img{width:100%;height:auto;border-radius:6px;display:block}
figcaption{color:var(--soft);font-size:13.5px;margin-top:4px}
.bars{display:grid;grid-template-columns:minmax(120px,34%) 1fr auto;gap:5px 12px;align-items:center;font-size:14px}
.bars i{display:block;height:14px;border-radius:3px;background:var(--bar);min-width:0}
@media (max-width:860px){.bars{grid-template-columns:1fr auto}.bars span{grid-column:1/-1;margin-top:6px}}
.bars span,code{overflow-wrap:anywhere}.bars b{font-weight:400;font-variant-numeric:tabular-nums;white-space:nowrap}
svg{display:block;width:100%;height:auto;margin:0 auto}svg.narrow{display:none}
@media (max-width:640px){svg.wide{display:none}svg.narrow{display:block}}
@media (max-width:860px){.pipeline svg.wide{display:none}.pipeline svg.narrow{display:block}}
svg text{fill:var(--ink);font-size:14px}
svg .strong{font-weight:600;font-size:15px}svg .small{font-size:13px}svg .faint{font-size:12px;fill:var(--soft)}
svg .in{font-size:12px;fill:var(--on-bar)}svg .box{stroke:var(--edge);stroke-width:1;rx:8px}
svg .encoder{fill:var(--encoder)}svg .head{fill:var(--head)}svg .tail{fill:var(--tail)}svg .end{fill:var(--end)}
svg .edge{fill:none;stroke:var(--edge);stroke-width:1.5}svg .tip{fill:var(--edge)}
svg .grid{stroke:var(--rule);stroke-width:1}svg .f0{fill:var(--f0)}svg .f1{fill:var(--f1)}svg .f2{fill:var(--f2)}
svg .f3{fill:var(--f3)}svg .f4{fill:var(--f4)}svg .bin{fill:var(--bar)}svg .cut{fill:var(--cut)}
svg .threshold{stroke:var(--cut);stroke-width:1.5;stroke-dasharray:4 3}
svg .zero{stroke:var(--edge);stroke-width:1}svg .whisker{stroke-width:2}svg .point{rx:3.5px}
svg .passed{stroke:var(--bar);fill:var(--bar)}svg .failed{stroke:var(--cut);fill:var(--cut)}
.card+.card{margin-top:12px}th.axis,td.axis{width:150px;min-width:110px;padding-right:0;white-space:normal}
@media (max-width:860px){th,td{padding-right:10px}}
@media print{body{max-width:none}.card{break-inside:avoid}}
)css";

}  // namespace mtmi::report
