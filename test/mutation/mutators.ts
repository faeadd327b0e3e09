import ts from 'typescript';

/** One way to break a node: what it is called in the report, and the text that takes the node's place. */
export interface Change {
  readonly kind: string;
  /** Replacement of an expression; empty where a statement is left out. */
  readonly to: string;
}

const ARITHMETIC: Readonly<Record<string, readonly string[]>> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '**': ['*'],
  '+=': ['-='],
  '-=': ['+='],
  '*=': ['/='],
  '/=': ['*='],
};

/** Boundary first, then negation. */
const COMPARISON: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
};

const LOGICAL: Readonly<Record<string, readonly string[]>> = { '&&': ['||'], '||': ['&&'] };

const CALLS: Readonly<Record<string, readonly string[]>> = {
  'Math.min': ['Math.max'],
  'Math.max': ['Math.min'],
  'Math.floor': ['Math.ceil'],
  'Math.ceil': ['Math.floor'],
  'Math.abs': [''],
  'Math.sqrt': [''],
};

/**
 * Every change of one node, its parts left alone: operators exchanged, comparisons moved by their boundary or negated,
 * signs and negations removed, numeric constants changed (0 to 1, an integer n to n + 1, a decimal by a tenth),
 * conditions forced, indices moved by one, statements, early returns and jumps left out, minimum and maximum exchanged.
 * Nothing that only words an error, nothing in a type.
 */
export function changesOf(node: ts.Node, checker: ts.TypeChecker): Change[] {
  const text = (part: ts.Node): string => part.getText();
  const isNumber = (part: ts.Node): boolean =>
    (checker.getTypeAtLocation(part).flags & (ts.TypeFlags.NumberLike | ts.TypeFlags.Any)) !== 0;
  const changes: Change[] = [];
  const add = (kind: string, to: string): void => void changes.push({ kind, to });

  if (ts.isBinaryExpression(node)) {
    const sign = text(node.operatorToken);
    const { left, right } = node;
    const put = (kind: string, signs: readonly string[] = []): void => {
      for (const other of signs) add(kind, `${text(left)} ${other} ${text(right)}`);
    };
    // The step of a for loop turned about never ends, which says nothing of the tests.
    const isStep = ts.isForStatement(node.parent) && node.parent.incrementor === node;
    if (isNumber(left) && isNumber(right) && !isStep) put('arithmetic', ARITHMETIC[sign]);
    put('comparison', COMPARISON[sign]);
    put('logical', LOGICAL[sign]);
  } else if (ts.isPrefixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.MinusToken) add('sign', text(node.operand));
    if (node.operator === ts.SyntaxKind.ExclamationToken) add('negation', text(node.operand));
  } else if (ts.isNumericLiteral(node) && !ts.isLiteralTypeNode(node.parent) && !isName(node)) {
    const value = Number(node.text);
    add('constant', String(Number.isInteger(value) && value < 1e6 ? value + 1 : value * 1.1));
  } else if (ts.isCallExpression(node)) {
    const rest = node.arguments.map(text).join(', ');
    for (const other of CALLS[text(node.expression)] ?? []) add('function', `${other}(${rest})`);
  } else if (ts.isExpressionStatement(node)) {
    if (!isSuper(node)) add('statement', '');
  } else if (ts.isReturnStatement(node) || ts.isContinueStatement(node) || ts.isBreakStatement(node)) {
    if (isEarly(node)) add('exit', '');
  }
  if (isCondition(node) && node.kind !== ts.SyntaxKind.TrueKeyword && node.kind !== ts.SyntaxKind.FalseKeyword) {
    if (!ts.isWhileStatement(node.parent)) add('condition', 'true');
    add('condition', 'false');
  }
  if (ts.isElementAccessExpression(node.parent) && node.parent.argumentExpression === node) {
    if (!ts.isNumericLiteral(node) && isNumber(node)) {
      add('index', `(${text(node)}) + 1`);
      add('index', `(${text(node)}) - 1`);
    }
  }
  return changes;
}

/** Whether nothing inside the node is changed: types, imports, and the sentences of errors. */
export function isLeftAlone(node: ts.Node): boolean {
  return ts.isTypeNode(node) || ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || isError(node);
}

function isError(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) return true;
  return ts.isNewExpression(node) && /Error$/.test(node.expression.getText());
}

function isName(node: ts.NumericLiteral): boolean {
  return (ts.isPropertyAssignment(node.parent) || ts.isPropertySignature(node.parent)) && node.parent.name === node;
}

function isSuper(node: ts.ExpressionStatement): boolean {
  return ts.isCallExpression(node.expression) && node.expression.expression.kind === ts.SyntaxKind.SuperKeyword;
}

/** A jump that some condition guards: under an if, not the last word of a function or of a case. */
function isEarly(node: ts.Node): boolean {
  const outer = ts.isBlock(node.parent) ? node.parent.parent : node.parent;
  return ts.isIfStatement(outer);
}

function isCondition(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isIfStatement(parent) || ts.isWhileStatement(parent)) return parent.expression === node;
  return ts.isConditionalExpression(parent) && parent.condition === node;
}
