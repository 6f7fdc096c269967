import type { Palette } from '../colours.ts';
import type { MotifTable } from '../motif.ts';
import { circle, line, mirrored, oval, path, rect, repeat } from '../shapes.ts';

const TORSO = 'M148 92 L96 118 L124 170 L138 162 V312 H262 V162 L276 170 L304 118 L252 92 Q200 122 148 92 Z';
const LONG =
  'M148 92 L104 116 L76 290 L112 298 L140 186 V316 H260 V186 L288 298 L324 290 L296 116 L252 92 Q200 118 148 92 Z';

const collar = (c: Palette): string => mirrored(path('M200 122 L150 86 L166 74 L200 108 Z', c.light));
const buttons = (c: Palette, from: number, count: number): string =>
  repeat(count, (i) => circle(200, from + i * 38, 5, c.paper));
const sleeves = (c: Palette): string => mirrored(path('M78 276 L114 284 L112 298 L76 290 Z', c.dark));

/** Clothes, shoes and what goes with them. */
export const apparel: MotifTable = {
  tee: (c) =>
    path(TORSO, c.main) +
    path('M148 92 L96 118 L124 170 L138 162 V312 H168 V150 Z', c.light) +
    path('M148 92 Q200 122 252 92 L240 86 Q200 108 160 86 Z', c.dark) +
    mirrored(path('M96 118 L124 170 L132 165 L103 114 Z', c.dark)),
  'stripe-tee': (c) =>
    path(LONG, c.paper) +
    repeat(7, (i) => rect(140, 142 + i * 25, 120, 11, c.main)) +
    mirrored(
      line('M110 142 L134 162 M102 172 L130 192 M98 204 L122 222 M92 236 L116 250 M86 264 L110 276', c.main, 10),
    ) +
    path('M148 92 Q200 122 252 92 L240 84 Q200 106 160 84 Z', c.main),
  longsleeve: (c) =>
    path(LONG, c.main) +
    path('M148 92 L104 116 L76 290 L112 298 L140 186 V316 H166 V160 Z', c.light) +
    sleeves(c) +
    path('M148 92 Q200 118 252 92 L246 76 Q200 98 154 76 Z', c.dark) +
    line('M140 200 Q200 214 260 200', c.dark, 3),
  shirt: (c) =>
    path(LONG, c.main) +
    path('M148 92 L104 116 L76 290 L112 298 L140 186 V316 H164 V160 Z', c.light) +
    line('M200 122 V316', c.dark, 4) +
    buttons(c, 148, 5) +
    rect(216, 160, 32, 36, c.light, 4) +
    collar(c) +
    sleeves(c),
  sweater: (c) =>
    path(LONG, c.main) +
    path('M148 92 Q200 118 252 92 L246 70 Q200 92 154 70 Z', c.dark) +
    repeat(3, (i) =>
      line(`M${166 + i * 34} 130 q-9 11 0 22 q9 11 0 22 q-9 11 0 22 q9 11 0 22 q-9 11 0 22 q9 11 0 22`, c.light, 7),
    ) +
    rect(140, 298, 120, 20, c.dark, 4) +
    sleeves(c),
  hoodie: (c) =>
    path('M142 100 Q136 48 200 46 Q264 48 258 100 Q200 138 142 100 Z', c.dark) +
    path(LONG, c.main) +
    path('M160 96 Q164 66 200 66 Q236 66 240 96 Q200 128 160 96 Z', c.ink) +
    line('M184 116 V166 M216 116 V172', c.paper, 5) +
    path('M156 286 L170 226 H230 L244 286 Z', c.dark) +
    rect(140, 302, 120, 16, c.dark, 4) +
    sleeves(c),
  cardigan: (c) =>
    path(LONG, c.main) +
    path('M152 88 L200 206 L248 88 L262 96 L206 232 V316 H194 V232 L138 96 Z', c.light) +
    buttons({ ...c, paper: c.woodDark }, 222, 3) +
    mirrored(rect(148, 250, 38, 44, c.dark, 5)) +
    sleeves(c),
  shorts: (c) =>
    path('M112 112 H288 L318 302 H214 L200 206 L186 302 H82 Z', c.main) +
    path('M112 112 H150 L136 302 H82 Z', c.light) +
    rect(110, 102, 180, 24, c.dark, 8) +
    line('M190 124 L182 166 M208 124 L214 160', c.paper, 6) +
    mirrored(line('M98 276 L186 284', c.accent, 6)),
  jacket: (c) =>
    path('M150 92 Q142 46 200 44 Q258 46 250 92 Q200 122 150 92 Z', c.dark) +
    path(LONG, c.main) +
    path('M148 92 L104 116 L76 290 L112 298 L140 186 V316 H166 V160 Z', c.light) +
    line('M200 110 V316', c.accent, 6) +
    mirrored(line('M156 250 L182 230', c.dark, 7)) +
    path('M164 88 Q168 64 200 64 Q232 64 236 88 Q200 110 164 88 Z', c.ink) +
    sleeves(c),
  puffer: (c) =>
    path(LONG, c.main) +
    repeat(5, (i) => line(`M142 ${150 + i * 34} Q200 ${162 + i * 34} 258 ${150 + i * 34}`, c.dark, 5)) +
    mirrored(line('M96 168 Q114 184 132 182 M90 208 Q106 222 122 220 M84 248 Q98 260 114 258', c.dark, 5)) +
    path('M152 92 Q200 114 248 92 L244 68 Q200 86 156 68 Z', c.dark) +
    line('M200 104 V316', c.light, 6),
  coat: (c) =>
    path(
      'M148 82 L102 106 L76 270 L110 278 L138 180 L128 320 H272 L262 180 L290 278 L324 270 L298 106 L252 82 Q200 110 148 82 Z',
      c.main,
    ) +
    path('M148 82 L102 106 L76 270 L110 278 L138 180 L128 320 H158 L166 150 Z', c.light) +
    line('M200 178 V320', c.dark, 4) +
    mirrored(path('M200 180 L152 82 L172 72 L200 112 Z', c.dark)) +
    mirrored(rect(144, 238, 40, 12, c.dark, 4)) +
    repeat(3, (i) => circle(188, 200 + i * 36, 5, c.accent) + circle(212, 200 + i * 36, 5, c.accent)),
  fleece: (c) =>
    path(LONG, c.main) +
    repeat(22, (i) => circle(150 + ((i * 47) % 104), 140 + ((i * 61) % 160), 6, c.light)) +
    path('M148 92 Q200 118 252 92 L248 68 Q200 88 152 68 Z', c.dark) +
    line('M200 104 V200', c.ink, 6) +
    rect(212, 158, 36, 32, c.accent, 5) +
    sleeves(c),
  beanie: (c) =>
    path('M98 240 Q94 96 200 94 Q306 96 302 240 Z', c.main) +
    repeat(6, (i) => line(`M${122 + i * 31} 228 Q${130 + i * 28} 150 ${168 + i * 13} 104`, c.dark, 5)) +
    rect(86, 222, 228, 72, c.light, 24) +
    repeat(9, (i) => line(`M${108 + i * 23} 236 V280`, c.main, 6)),
  scarf: (c) =>
    path('M124 112 Q200 62 276 112 Q300 140 262 162 Q200 186 138 162 Q100 140 124 112 Z', c.dark) +
    path('M146 124 Q200 96 254 124 Q200 150 146 124 Z', c.ink) +
    path('M138 150 Q180 176 214 160 L206 306 H146 Z', c.main) +
    path('M200 166 Q246 164 264 150 L276 258 H222 Z', c.light) +
    rect(147, 256, 60, 12, c.accent) +
    repeat(5, (i) => line(`M${152 + i * 12} 306 v16`, c.main, 5)) +
    repeat(4, (i) => line(`M${230 + i * 13} 258 v14`, c.light, 5)),
  mittens: (c) =>
    mirrored(
      path('M84 190 Q80 96 132 96 Q182 96 180 190 L184 250 H92 Z', c.main) +
        path('M172 200 Q206 160 208 196 Q206 232 178 244 Z', c.dark) +
        rect(88, 246, 98, 62, c.light, 12) +
        repeat(4, (i) => line(`M${104 + i * 22} 256 V300`, c.main, 5)),
    ),
  sneaker: (c) =>
    path('M70 210 Q92 150 130 150 Q150 188 186 176 L256 232 Q336 244 342 284 H62 Q56 240 70 210 Z', c.main) +
    path('M130 150 Q150 188 186 176 L206 192 Q160 216 122 186 Z', c.dark) +
    rect(54, 282, 296, 32, c.paper, 15) +
    rect(54, 298, 296, 16, c.accent, 8) +
    path('M296 242 Q340 252 342 284 H270 Q272 252 296 242 Z', c.light) +
    line('M196 196 L180 214 M218 212 L202 230 M240 228 L224 246', c.paper, 8),
  boot: (c) =>
    path('M116 74 H226 L230 206 Q318 224 322 288 H110 Q98 180 116 74 Z', c.main) +
    path('M116 74 H148 Q132 180 142 288 H110 Q98 180 116 74 Z', c.light) +
    rect(108, 66, 126, 22, c.dark, 8) +
    path('M100 286 H328 V312 H190 L184 304 H168 V318 H100 Z', c.ink) +
    repeat(4, (i) => line(`M${206 + i * 5} ${116 + i * 26} h${26 + i * 4}`, '#e8c26a', 7)),
  slipper: (c) =>
    path('M58 262 Q60 196 140 206 Q180 214 204 196 Q330 190 346 262 Q350 300 320 304 H84 Q56 302 58 262 Z', c.dark) +
    path('M196 200 Q330 188 346 262 Q348 290 320 294 H216 Q176 250 196 200 Z', c.main) +
    oval(132, 246, 60, 26, c.light) +
    rect(60, 296, 284, 18, c.wood, 9),
  socks: (c) =>
    path('M166 76 H256 V216 Q260 244 316 262 Q344 290 308 314 H214 Q166 300 166 240 Z', c.dark) +
    path('M110 76 H200 V216 Q204 244 260 262 Q288 290 252 314 H158 Q110 300 110 240 Z', c.main) +
    rect(106, 70, 98, 34, c.light, 8) +
    rect(110, 122, 90, 12, c.accent) +
    rect(110, 144, 90, 12, c.accent) +
    path('M240 256 Q288 280 252 314 H226 Q216 280 240 256 Z', c.light),
  belt: (c) =>
    path('M200 96 A104 104 0 1 1 199 96 Z M200 128 A72 72 0 1 0 201 128 Z', c.main) +
    path('M200 96 A104 104 0 0 0 96 200 L128 200 A72 72 0 0 1 200 128 Z', c.light) +
    rect(242, 238, 72, 64, '#c9a04e', 10) +
    rect(254, 250, 48, 40, c.dark, 4) +
    line('M278 250 V290', '#c9a04e', 7) +
    repeat(4, (i) => circle(140 + i * 16, 276 + (i > 1 ? 6 : i * 4), 4, c.paper)),
  tote: (c) =>
    line('M150 166 Q150 64 200 64 Q250 64 250 166', c.dark, 12) +
    path('M98 156 H302 L316 318 H84 Z', c.main) +
    path('M98 156 H142 L134 318 H84 Z', c.light) +
    path('M86 286 H314 L316 318 H84 Z', c.dark) +
    path('M170 254 Q168 206 200 190 Q232 206 230 254 Z', c.accent) +
    line('M200 196 V254', c.paper, 4),
  cap: (c) =>
    path('M92 236 Q90 124 200 118 Q302 124 304 236 Z', c.main) +
    path('M92 236 Q90 124 182 119 Q136 150 138 236 Z', c.light) +
    path('M226 232 Q356 226 366 268 Q300 256 218 262 Q160 262 92 236 Z', c.dark) +
    line('M200 120 V232 M244 130 Q272 170 272 228', c.dark, 3) +
    circle(200, 116, 9, c.dark) +
    circle(216, 190, 16, c.accent),
  hat: (c) =>
    oval(200, 264, 156, 40, '#e3c88f') +
    oval(200, 258, 156, 36, '#ecd6a6') +
    path('M120 256 Q124 130 200 128 Q276 130 280 256 Q200 284 120 256 Z', '#e3c88f') +
    path('M119 256 Q118 236 121 222 Q200 248 279 222 Q282 236 281 256 Q200 286 119 256 Z', c.main) +
    repeat(4, (i) =>
      line(`M${136 + i * 6} ${214 - i * 22} Q200 ${232 - i * 22} ${264 - i * 6} ${214 - i * 22}`, '#d1b273', 3),
    ),
  umbrella: (c) =>
    line('M200 92 V286 Q200 316 226 316 Q250 314 248 290', c.wood, 10) +
    path(
      'M56 222 Q70 88 200 84 Q330 88 344 222 Q316 196 284 218 Q244 190 200 216 Q156 190 116 218 Q84 196 56 222 Z',
      c.main,
    ) +
    path('M56 222 Q70 88 200 84 Q128 128 116 218 Q84 196 56 222 Z', c.light) +
    path('M344 222 Q330 88 200 84 Q272 128 284 218 Q316 196 344 222 Z', c.dark) +
    line('M200 70 V86', c.ink, 7),
};
