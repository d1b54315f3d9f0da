/** Text in drawings: SVG does not wrap, so it is cut to what fits. */
import { shorten } from '../safe-text';

/** Width of one character of the monospaced fonts, per pixel of font size (the widest in use, DejaVu Sans Mono: 0.602). */
const characterWidth = 0.61;

export const textWidth = (value: string, fontSize: number): number => [...value].length * fontSize * characterWidth;

/** Cuts to `width` pixels. */
export const fitText = (value: string, width: number, fontSize: number): string => shorten(value, Math.max(3, Math.floor(width / (fontSize * characterWidth))));
