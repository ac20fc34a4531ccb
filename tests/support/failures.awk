# failures.awk -- from what `node --test` printed (TAP): each test that failed itself, with its cause, and nothing else.
# A parent that failed because of its children is left out. Long causes are cut.
/^ *not ok / { held = $0 "\n"; lines = 0; in_it = 1; next }
in_it && /failureType: 'subtestsFailed'/ { in_it = 0; next }
in_it && (/^ *\.\.\.$/ || ++lines > 60) { printf "%s", held; in_it = 0; found = 1; next }
in_it { held = held substr($0, 1, 400) "\n" }
END { exit !found }
