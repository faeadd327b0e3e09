/** Correlation of the xi of a block, or of a branch, in a walk. */
export const BLOCK_CORRELATION = 0.8;
export const BLOCK_FRESH = Math.sqrt(1 - BLOCK_CORRELATION * BLOCK_CORRELATION);
/**
 * sd of the blocks' proposals: a little wider than the approximation, so that no block sticks in a tail (effective tail
 * draws a draw, Contraception's slopes under inverse-Wishart priors, at the worst: .68 at 1.05, .58 at 1, .65 at 1.1).
 */
export const BLOCK_SCALE = 1.05;
/** The log density of such a proposal is -SLACK xi'xi. */
export const SLACK = 0.5 / (BLOCK_SCALE * BLOCK_SCALE);
