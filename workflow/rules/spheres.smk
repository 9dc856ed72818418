rule trial:
    output: "results/trial.txt"
    shell: "sleep 1; echo > {output}"
rule trial2:
    output: "results/trial2.txt"
    shell: "sleep 1; echo > {output}"
ALL_FILES += ["results/trial.txt","results/trial2.txt"]
