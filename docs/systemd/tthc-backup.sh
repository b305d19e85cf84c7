#!/bin/sh
# Backs up the data folder and Prefect's database (its history of runs) into one dated folder.
#   tthc-backup.sh DATA_FOLDER DATABASE TARGET_FOLDER [KEEP]
# The backup is written under another name, read back, then renamed, so it is never incomplete. Keeps the newest KEEP (default 30).
# PostgreSQL's variables select the database server (PGHOST, PGUSER …; default: the local socket).
set -eu
umask 077

if [ $# -lt 3 ]; then
    echo "usage: $0 DATA_FOLDER DATABASE TARGET_FOLDER [KEEP]" >&2
    exit 2
fi
data=$1 database=$2 target=$3 keep=${4:-30}
[ -d "$data/out" ] || { echo "$data has no out/: not the data folder" >&2; exit 2; }

mkdir -p "$target"
name=$(date +%Y-%m-%dT%H%M%S)
draft="$target/.$name"
mkdir "$draft"
trap 'rm -rf "$draft"' EXIT
find "$target" -maxdepth 1 -name '.????-??-??T??????' ! -path "$draft" -exec rm -rf {} + # left by killed backups
# The data first: a run that ends between the two is in the database of the next backup. A file that changes while it is
# read (status 1) is an arriving file or a log: a revision never changes and appears by one rename.
# A file without read permission (of another user) is left out and reported; the backup is kept.
tar -C "$data" -czf "$draft/data.tar.gz" --warning=no-file-changed --ignore-failed-read . 2>"$draft/left-out" || [ $? -eq 1 ]
pg_dump --format=custom --file="$draft/server.dump" "$database"
tar -tzf "$draft/data.tar.gz" >/dev/null
pg_restore --list "$draft/server.dump" >/dev/null
[ -s "$draft/left-out" ] || rm "$draft/left-out"
# Whether everything is as it was published. A problem is reported at the end; the backup is kept. The last line of
# verify.txt holds the hash of the ledger's last entry: a witness outside the data folder.
verified=0
"$(dirname "$0")/../../.venv/bin/tthc" verify --data "$data" >"$draft/verify.txt" 2>&1 || verified=$?
mv "$draft" "$target/$name"

# names sort by date
for old in $(ls "$target" | grep -E '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{6}$' | sort -r | tail -n +"$((keep + 1))"); do
    rm -rf "${target:?}/$old"
done
echo "$target/$name"
cat "$target/$name/verify.txt" >&2
if [ -e "$target/$name/left-out" ]; then
    echo "left out:" >&2
    cat "$target/$name/left-out" >&2
    exit 1
fi
[ "$verified" -eq 0 ] || exit 1
