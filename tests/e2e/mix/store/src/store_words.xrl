Definitions.
Rules.
[a-z]+ : {token, {word, TokenLine, TokenChars}}.
\s+ : skip_token.
Erlang code.
