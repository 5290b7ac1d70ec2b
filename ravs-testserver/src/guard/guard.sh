# Holds one server and its folder for the process that writes to our input.
# Each line is a command; each is answered by its exit code and the server's pid.
# However that process ends, the input ends with it: then the server is stopped and the folder goes.
#   $1 the folder   $2 the signal that stops the server at once
folder=$1 stop=$2 child=

# Whoever is killed by these is not us: the folder would stay.
trap : HUP INT TERM PIPE

while IFS= read -r line; do
  eval "$line"
  echo "$? $child"
done

if [ -n "$child" ]; then
  kill -CONT "$child"
  tries=0
  # Again and again: one that has only just been started may miss the first.
  while kill "-$stop" "$child" && [ "$tries" -lt 200 ]; do
    tries=$((tries + 1))
    sleep 0.05
  done
  kill -KILL "$child"
  wait "$child"
fi

# A PostgreSQL that was killed leaves a few bytes of shared memory, named by its lock file.
lock=$folder/data/postmaster.pid
if [ -f "$lock" ]; then
  set -- $(sed -n 7p "$lock")
  [ -n "$2" ] && ipcrm -m "$2"
fi

# What is still ending may still write.
tries=0
until rm -rf "$folder" || [ "$tries" -ge 200 ]; do
  tries=$((tries + 1))
  sleep 0.05
done
