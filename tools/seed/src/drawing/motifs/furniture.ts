import type { MotifTable } from '../motif.ts';
import { circle, line, mirrored, oval, path, rect, repeat } from '../shapes.ts';

/** Chairs, tables and shelves. */
export const furniture: MotifTable = {
  chair: (c) =>
    mirrored(line('M150 226 L136 320', c.dark, 12)) +
    line('M142 100 L150 226', c.main, 12) +
    line('M258 100 L250 226', c.main, 12) +
    path('M134 92 Q200 72 266 92 L262 142 Q200 124 138 142 Z', c.main) +
    rect(140, 212, 120, 22, c.light, 11) +
    line('M146 278 H254', c.dark, 7),
  armchair: (c) =>
    mirrored(line('M140 280 L128 322', c.wood, 12)) +
    rect(126, 100, 148, 170, c.main, 44) +
    rect(140, 206, 120, 56, c.light, 18) +
    mirrored(rect(92, 176, 46, 108, c.dark, 22)) +
    rect(118, 252, 164, 36, c.main, 14),
  stool: (c) =>
    mirrored(line('M168 178 L140 320', c.dark, 12)) +
    line('M200 178 V320', c.dark, 12) +
    line('M152 268 H248', c.metalDark, 7) +
    rect(128, 152, 144, 32, c.main, 16) +
    rect(128, 152, 144, 14, c.light, 7),
  sofa: (c) =>
    mirrored(line('M96 286 L88 318', c.wood, 12)) +
    rect(80, 136, 240, 130, c.dark, 30) +
    rect(92, 148, 106, 96, c.main, 18) +
    rect(202, 148, 106, 96, c.main, 18) +
    mirrored(rect(52, 184, 48, 106, c.main, 22)) +
    rect(92, 228, 106, 46, c.light, 14) +
    rect(202, 228, 106, 46, c.light, 14) +
    rect(80, 264, 240, 26, c.dark, 10),
  bench: (c) =>
    mirrored(line('M96 222 L88 320', c.dark, 13)) +
    rect(64, 196, 272, 28, c.main, 10) +
    rect(64, 196, 272, 10, c.light, 5) +
    repeat(3, (i) => rect(92, 268 + i * 14, 216, 8, c.dark, 4)),
  table: (c) =>
    mirrored(line('M116 196 L92 320', c.dark, 13) + line('M132 196 L150 320', c.dark, 13)) +
    rect(48, 172, 304, 26, c.main, 8) +
    rect(48, 172, 304, 10, c.light, 5) +
    oval(200, 168, 34, 8, c.accent) +
    path('M176 148 Q200 178 224 148 Z', c.accent),
  sidetable: (c) =>
    mirrored(line('M150 196 L132 320', c.dark, 11)) +
    line('M200 196 V320', c.dark, 11) +
    oval(200, 184, 104, 26, c.dark) +
    oval(200, 176, 104, 26, c.main) +
    oval(200, 173, 84, 18, c.light) +
    rect(180, 140, 34, 34, c.accent, 8) +
    line('M214 148 q16 8 0 18', c.accent, 6),
  desk: (c) =>
    mirrored(line('M88 210 L80 320', c.dark, 12)) +
    rect(56, 168, 288, 22, c.main, 6) +
    rect(70, 190, 260, 32, c.dark, 4) +
    rect(150, 198, 100, 16, c.main, 4) +
    circle(200, 206, 4, c.ink) +
    rect(226, 104, 84, 56, c.ink, 6) +
    rect(232, 110, 72, 44, c.glass, 3) +
    rect(262, 158, 12, 10, c.ink) +
    path('M98 168 V132 H126 V168 Z', c.accent),
  shelf: (c) =>
    rect(92, 72, 16, 250, c.main, 4) +
    rect(292, 72, 16, 250, c.main, 4) +
    repeat(4, (i) => rect(92, 82 + i * 74, 216, 12, c.dark, 4)) +
    rect(120, 112, 16, 44, c.accent, 2) +
    rect(138, 104, 14, 52, c.ink, 2) +
    rect(154, 116, 18, 40, c.light, 2) +
    path('M236 156 q-14 -28 14 -40 q28 12 14 40 Z', c.accent) +
    rect(126, 204, 60, 26, c.light, 5) +
    circle(250, 212, 18, c.leaf) +
    rect(240, 216, 20, 14, c.accent, 3) +
    rect(214, 262, 16, 42, c.accent, 2) +
    rect(232, 268, 16, 36, c.ink, 2) +
    rect(250, 258, 14, 46, c.light, 2),
  dresser: (c) =>
    mirrored(line('M106 300 L98 322', c.dark, 11)) +
    rect(84, 132, 232, 172, c.main, 10) +
    rect(76, 122, 248, 18, c.dark, 6) +
    repeat(3, (i) => rect(98, 150 + i * 50, 204, 40, c.light, 5) + rect(180, 166 + i * 50, 40, 7, c.ink, 3)),
  crate: (c) =>
    repeat(4, (i) => path(`M${116 + i * 44} 204 v-70 h30 v70 Z`, i % 2 ? c.ink : c.accent)) +
    repeat(3, (i) => rect(84, 190 + i * 44, 232, 36, i % 2 ? c.light : c.main, 5)) +
    rect(96, 186, 14, 134, c.dark, 3) +
    rect(290, 186, 14, 134, c.dark, 3) +
    rect(170, 200, 60, 14, c.dark, 7),
  stand: (c) =>
    rect(150, 84, 100, 96, c.wood, 8) +
    circle(200, 142, 26, c.ink) +
    circle(200, 102, 9, c.ink) +
    rect(152, 180, 96, 12, c.ink, 4) +
    rect(186, 192, 28, 112, c.main, 3) +
    rect(134, 304, 132, 16, c.ink, 6),
};
