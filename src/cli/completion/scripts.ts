/** Shells that a script is written for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;

export type Shell = (typeof SHELLS)[number];

const ASK = 'partial-pooling completion';

/** By shell, the lines that have it ask this program what may follow; where nothing may, the shell offers its files. */
export const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `_partial_pooling() {
  local words=() i
  for ((i = 1; i <= COMP_CWORD; i++)); do words+=("--word=\${COMP_WORDS[i]#[\\"\\']}"); done
  local IFS=$'\\n'
  COMPREPLY=($(${ASK} "\${words[@]}" 2>/dev/null))
}
complete -o default -F _partial_pooling partial-pooling
`,
  zsh: `#compdef partial-pooling
_partial_pooling() {
  local -a given found
  local word
  for word in "\${(@)words[2,CURRENT]}"; do
    word=\${(Q)word}
    given+=("--word=\${word##[\\"\\']}")
  done
  found=("\${(@f)$(${ASK} "\${given[@]}" 2>/dev/null)}")
  if [[ -n "\${found[1]}" ]]; then compadd -- "\${(@)found}"; else _files; fi
}
compdef _partial_pooling partial-pooling
`,
  fish: `function __partial_pooling
  set -l given
  for word in (commandline -opc)[2..-1] (commandline -ct); set -a given --word=(string trim -l -c '"\\'' -- $word); end
  ${ASK} $given 2>/dev/null
end
complete -c partial-pooling -a '(__partial_pooling)'
`,
};
