//! What shows that the stores hold: crashes, fail-overs, races of processes.
