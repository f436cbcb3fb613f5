/* One stylesheet for all pictures. Text and lines take colours of a contrast of at least 4.5 to 1 and 3 to 1 with the
 * background, in all three schemes; what a colour says is also said by a shape, a dash or a word. */
#include "report/svg/svg.h"

#define LIGHT \
	"--svg-ink:#1d2733;--svg-faint:#56616e;--svg-rule:#b9c2cc;--svg-rail:#7d8996;--svg-paper:#ffffff;" \
	"--svg-head:#eef2f6;--svg-mark:#fff3c4;--svg-mark-edge:#8a6100;--svg-client:#0b5cad;--svg-server:#7a3e9d;" \
	"--svg-bad:#b3261e;--svg-again:#a34a00;--svg-good:#2c6e49;--svg-band:#e6ecf3;"
#define DARK \
	"--svg-ink:#e6eaef;--svg-faint:#a6b1bd;--svg-rule:#4a5561;--svg-rail:#8793a0;--svg-paper:#14191f;" \
	"--svg-head:#232b34;--svg-mark:#4a3c0c;--svg-mark-edge:#f0c84b;--svg-client:#7fb8f5;--svg-server:#d3a4ee;" \
	"--svg-bad:#ff8f85;--svg-again:#f5a65b;--svg-good:#7fcfa2;--svg-band:#26303b;"

static const char stylesheet[] =
	":root{" LIGHT "}\n"
	"@media (prefers-color-scheme:dark){:root{" DARK "}}\n"
	"@media print{:root{" LIGHT "}}\n"
	".hang-svg{display:block;width:100%;height:auto;max-width:46rem;margin:0 auto;color:var(--svg-ink);"
	"font:12px system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans\",\"DejaVu Sans\",sans-serif}\n"
	".hang-svg text{fill:currentColor;font-variant-numeric:tabular-nums}\n"
	".hang-svg .m{text-anchor:middle}.hang-svg .r{text-anchor:end}\n"
	".hang-svg .s{font-size:10px}.hang-svg .l{font-size:11px}.hang-svg .b{font-weight:600}\n"
	".hang-svg .f{color:var(--svg-faint)}\n"
	".hang-svg .halo{paint-order:stroke;stroke:var(--svg-paper);stroke-width:4px;stroke-linejoin:round}\n"
	".hang-svg path{fill:none;stroke:currentColor;stroke-width:1.5}\n"
	".hang-svg .head{fill:currentColor;stroke:none}\n"
	".hang-svg .cross{stroke:var(--svg-bad);stroke-width:2.5;stroke-linecap:round}\n"
	".hang-svg .dash{stroke-dasharray:6 4}\n"
	".hang-svg .rail{stroke:var(--svg-rail)}.hang-svg .rule{stroke:var(--svg-rule);stroke-width:1}\n"
	".hang-svg .grid{stroke:var(--svg-band);stroke-width:1}\n"
	".hang-svg .dots{stroke-dasharray:2 4}\n"
	".hang-svg .box{fill:var(--svg-head);stroke:var(--svg-rule)}\n"
	".hang-svg .client{color:var(--svg-client)}.hang-svg .server{color:var(--svg-server)}\n"
	".hang-svg .again{color:var(--svg-again)}.hang-svg .bad{color:var(--svg-bad)}.hang-svg .good{color:var(--svg-good)}\n"
	".hang-svg .band{fill:var(--svg-mark)}.hang-svg .ev .halo{stroke:var(--svg-mark)}\n"
	".hang-svg .badge{fill:var(--svg-mark-edge)}.hang-svg .badge+text{fill:var(--svg-paper);font-weight:700}\n"
	".hang-svg .bar{stroke-width:2.5}.hang-svg .thin{stroke-width:1}\n"
	".hang-svg .ring{fill:var(--svg-paper);stroke:currentColor;stroke-width:1.5}\n"
	".hang-svg .here{fill:var(--svg-good);stroke:none}\n"
	".hang-svg a:focus-visible{outline:2px solid var(--svg-client);outline-offset:2px}\n"
	".hang-svg .edge{stroke:var(--svg-mark-edge)}.hang-svg .area{fill:var(--svg-mark);fill-opacity:.6}\n"
	".hang-svg .fill{fill:var(--svg-band);stroke:var(--svg-rail);stroke-width:1}\n"
	".hang-svg .mark{fill:var(--svg-bad)}.hang-svg a:hover .mark{fill:var(--svg-ink)}\n"
	".hang-svg .well{fill:var(--svg-good)}\n"
	".hang-timeline{max-width:62rem}.hang-wide{display:none}\n"
	"@media (min-width:40rem){.hang-wide{display:block}.hang-narrow{display:none}}\n"
	".hang-ladder,.hang-sequence,.hang-idle{max-width:34rem}\n"
	"@media print{.hang-svg{break-inside:avoid;max-height:225mm}.hang-ladder,.hang-sequence,.hang-idle{max-width:26rem}}\n";

const char *svg_stylesheet(void)
{
	return stylesheet;
}
