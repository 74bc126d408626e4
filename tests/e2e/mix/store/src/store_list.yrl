Nonterminals list.
Terminals word.
Rootsymbol list.
list -> word : ['$1'].
list -> word list : ['$1' | '$2'].
