Nonterminals words.
Terminals word.
Rootsymbol words.
words -> word : element(3, '$1').
