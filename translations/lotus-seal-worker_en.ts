<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>ViewText</name>
    <message>
        <source>Not started</source>
        <translation>Not started</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>Connecting</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Refused</translation>
    </message>
    <message>
        <source>Incompatible</source>
        <translation>Incompatible</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>Paused</translation>
    </message>
    <message>
        <source>Finishing</source>
        <translation>Finishing</translation>
    </message>
    <message numerus="yes">
        <source>Finishing: %n task(s) running, then the worker stops.</source>
        <translation>
            <numerusform>Finishing: %n task running, then the worker stops.</numerusform>
            <numerusform>Finishing: %n tasks running, then the worker stops.</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused: no task begins until the worker is resumed; running tasks go on.</source>
        <translation>Paused: no task begins until the worker is resumed; running tasks go on.</translation>
    </message>
    <message numerus="yes">
        <source>Draining: no new tasks are taken; %n task(s) left, then the worker stops.</source>
        <translation>
            <numerusform>Draining: no new tasks are taken; %n task left, then the worker stops.</numerusform>
            <numerusform>Draining: no new tasks are taken; %n tasks left, then the worker stops.</numerusform>
        </translation>
    </message>
    <message>
        <source>waiting: the worker begins no tasks</source>
        <translation>waiting: the worker begins no tasks</translation>
    </message>
    <message>
        <source>waiting for an earlier task of the sector</source>
        <translation>waiting for an earlier task of the sector</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>Working</translation>
    </message>
    <message>
        <source>Disconnected</source>
        <translation>Disconnected</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Stopping</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Stopped</translation>
    </message>
    <message>
        <source>The worker is not started.</source>
        <translation>The worker is not started.</translation>
    </message>
    <message>
        <source>Connecting to the miner at %1.</source>
        <translation>Connecting to the miner at %1.</translation>
    </message>
    <message>
        <source>The miner at %1 answers; registering with it.</source>
        <translation>The miner at %1 answers; registering with it.</translation>
    </message>
    <message>
        <source>The miner at %1 refused the token; new tasks cannot start.</source>
        <translation>The miner at %1 refused the token; new tasks cannot start.</translation>
    </message>
    <message>
        <source>The miner at %1 speaks another version.</source>
        <translation>The miner at %1 speaks another version.</translation>
    </message>
    <message>
        <source>The miner at %1 does not answer. Running tasks go on.</source>
        <translation>The miner at %1 does not answer. Running tasks go on.</translation>
    </message>
    <message numerus="yes">
        <source>%n finished result(s) wait to be delivered.</source>
        <translation>
            <numerusform>%n finished result waits to be delivered.</numerusform>
            <numerusform>%n finished results wait to be delivered.</numerusform>
        </translation>
    </message>
    <message>
        <source>Connected to miner %1; new tasks are refused until it is enabled again.</source>
        <translation>Connected to miner %1; new tasks are refused until it is enabled again.</translation>
    </message>
    <message>
        <source>Connected to miner %1. It has not asked for anything yet.</source>
        <translation>Connected to miner %1. It has not asked for anything yet.</translation>
    </message>
    <message>
        <source>Connected to miner %1.</source>
        <translation>Connected to miner %1.</translation>
    </message>
    <message numerus="yes">
        <source>%n task(s) running,</source>
        <translation>
            <numerusform>%n task running,</numerusform>
            <numerusform>%n tasks running,</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting.</source>
        <translation>
            <numerusform>%n waiting.</numerusform>
            <numerusform>%n waiting.</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopping: the running tasks are being ended, finished results delivered.</source>
        <translation>Stopping: the running tasks are being ended, finished results delivered.</translation>
    </message>
    <message>
        <source>The worker is stopped.</source>
        <translation>The worker is stopped.</translation>
    </message>
    <message>
        <source>Something that was entered cannot be used.</source>
        <translation>Something that was entered cannot be used.</translation>
    </message>
    <message>
        <source>Something that is needed is not there.</source>
        <translation>Something that is needed is not there.</translation>
    </message>
    <message>
        <source>Something is in the way: another program uses the port, or a file exists already.</source>
        <translation>Something is in the way: another program uses the port, or a file exists already.</translation>
    </message>
    <message>
        <source>Access was refused: check the token, or who owns the folder.</source>
        <translation>Access was refused: check the token, or who owns the folder.</translation>
    </message>
    <message>
        <source>This is not supported here.</source>
        <translation>This is not supported here.</translation>
    </message>
    <message>
        <source>Something required is not installed, or there is not enough memory for it.</source>
        <translation>Something required is not installed, or there is not enough memory for it.</translation>
    </message>
    <message>
        <source>No miner was found on this computer. Try the practice mode, or say where the miner is with MINER_API_INFO or LOTUS_MINER_PATH.</source>
        <translation>No miner was found on this computer. Try the practice mode, or say where the miner is with MINER_API_INFO or LOTUS_MINER_PATH.</translation>
    </message>
    <message>
        <source>The worker is not running.</source>
        <translation>The worker is not running.</translation>
    </message>
    <message>
        <source>The miner cannot be reached: is it running?</source>
        <translation>The miner cannot be reached: is it running?</translation>
    </message>
    <message>
        <source>The miner speaks another version of the protocol; one of the two must be upgraded.</source>
        <translation>The miner speaks another version of the protocol; one of the two must be upgraded.</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>The disk is full.</translation>
    </message>
    <message>
        <source>A storage folder cannot be used: not writable, or another worker has it.</source>
        <translation>A storage folder cannot be used: not writable, or another worker has it.</translation>
    </message>
    <message>
        <source>A check of a computed value failed.</source>
        <translation>A check of a computed value failed.</translation>
    </message>
    <message>
        <source>Stopped on request.</source>
        <translation>Stopped on request.</translation>
    </message>
    <message>
        <source>No answer came in time.</source>
        <translation>No answer came in time.</translation>
    </message>
    <message>
        <source>Reading or writing failed.</source>
        <translation>Reading or writing failed.</translation>
    </message>
    <message>
        <source>A file or message contradicts its format.</source>
        <translation>A file or message contradicts its format.</translation>
    </message>
    <message>
        <source>The program that computes has ended unexpectedly; often memory ran out.</source>
        <translation>The program that computes has ended unexpectedly; often memory ran out.</translation>
    </message>
    <message>
        <source>The other side answered with an error.</source>
        <translation>The other side answered with an error.</translation>
    </message>
    <message>
        <source>This is a defect of this program; please report it.</source>
        <translation>This is a defect of this program; please report it.</translation>
    </message>
    <message numerus="yes">
        <source>%n sector(s) of %1</source>
        <translation>
            <numerusform>%n sector of %1</numerusform>
            <numerusform>%n sectors of %1</numerusform>
        </translation>
    </message>
    <message>
        <source>AddPiece (AP)</source>
        <translation>AddPiece (AP)</translation>
    </message>
    <message>
        <source>PreCommit 1 (PC1)</source>
        <translation>PreCommit 1 (PC1)</translation>
    </message>
    <message>
        <source>PreCommit 2 (PC2)</source>
        <translation>PreCommit 2 (PC2)</translation>
    </message>
    <message>
        <source>Commit 1 (C1)</source>
        <translation>Commit 1 (C1)</translation>
    </message>
    <message>
        <source>Commit 2 (C2)</source>
        <translation>Commit 2 (C2)</translation>
    </message>
    <message>
        <source>Finalize (FIN)</source>
        <translation>Finalize (FIN)</translation>
    </message>
    <message>
        <source>Fetch (GET)</source>
        <translation>Fetch (GET)</translation>
    </message>
    <message>
        <source>Unseal (UNS)</source>
        <translation>Unseal (UNS)</translation>
    </message>
    <message>
        <source>Window PoSt (WDP)</source>
        <translation>Window PoSt (WDP)</translation>
    </message>
    <message>
        <source>Winning PoSt (WNP)</source>
        <translation>Winning PoSt (WNP)</translation>
    </message>
    <message>
        <source>waiting for memory</source>
        <translation>waiting for memory</translation>
    </message>
    <message>
        <source>waiting for processor cores</source>
        <translation>waiting for processor cores</translation>
    </message>
    <message>
        <source>waiting for the GPU</source>
        <translation>waiting for the GPU</translation>
    </message>
    <message>
        <source>waiting for proof parameters</source>
        <translation>waiting for proof parameters</translation>
    </message>
    <message>
        <source>waiting a moment for other sectors to label together with</source>
        <translation>waiting a moment for other sectors to label together with</translation>
    </message>
    <message>
        <source>waiting for a free slot</source>
        <translation>waiting for a free slot</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>waiting</translation>
    </message>
    <message>
        <source>running</source>
        <translation>running</translation>
    </message>
    <message>
        <source>finished; result not delivered yet</source>
        <translation>finished; result not delivered yet</translation>
    </message>
    <message>
        <source>done</source>
        <translation>done</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>failed</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 m %2 s</source>
        <translation>%1 m %2 s</translation>
    </message>
    <message>
        <source>%1 h %2 m</source>
        <translation>%1 h %2 m</translation>
    </message>
    <message>
        <source>layer %1 of %2, %3 sectors at once</source>
        <translation>layer %1 of %2, %3 sectors at once</translation>
    </message>
    <message>
        <source>waiting for other sectors of its batch</source>
        <translation>waiting for other sectors of its batch</translation>
    </message>
    <message>
        <source>layer %1 of %2</source>
        <translation>layer %1 of %2</translation>
    </message>
    <message>
        <source>check %1 of %2</source>
        <translation>check %1 of %2</translation>
    </message>
    <message>
        <source>tree C</source>
        <translation>tree C</translation>
    </message>
    <message>
        <source>tree R</source>
        <translation>tree R</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>labels</translation>
    </message>
    <message>
        <source>making the parent cache</source>
        <translation>making the parent cache</translation>
    </message>
    <message>
        <source>waiting for the parent cache</source>
        <translation>waiting for the parent cache</translation>
    </message>
    <message>
        <source>checking the parent cache</source>
        <translation>checking the parent cache</translation>
    </message>
    <message>
        <source>generating the proof parameters: 15 to 30 minutes on two cores and 5.2 GB of memory, once</source>
        <translation>generating the proof parameters: 15 to 30 minutes on two cores and 5.2 GB of memory, once</translation>
    </message>
    <message>
        <source>trees %1 of %2</source>
        <translation>trees %1 of %2</translation>
    </message>
    <message>
        <source>attempt %1 of %2 follows</source>
        <translation>attempt %1 of %2 follows</translation>
    </message>
    <message>
        <source>copying</source>
        <translation>copying</translation>
    </message>
    <message>
        <source>tree D</source>
        <translation>tree D</translation>
    </message>
    <message>
        <source>trees C and R</source>
        <translation>trees C and R</translation>
    </message>
    <message>
        <source>decoding</source>
        <translation>decoding</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>writing</translation>
    </message>
    <message>
        <source>encoding</source>
        <translation>encoding</translation>
    </message>
    <message>
        <source>taking the data out</source>
        <translation>taking the data out</translation>
    </message>
    <message>
        <source>decoding the update</source>
        <translation>decoding the update</translation>
    </message>
    <message>
        <source>checking what was decoded</source>
        <translation>checking what was decoded</translation>
    </message>
    <message>
        <source>reading challenges</source>
        <translation>reading challenges</translation>
    </message>
    <message>
        <source>external command</source>
        <translation>external command</translation>
    </message>
</context>
<context>
    <name>lsw::gui::MainWindow</name>
    <message>
        <source>Lotus Seal Worker</source>
        <translation>Lotus Seal Worker</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Language</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>S&amp;top</translation>
    </message>
    <message>
        <source>&amp;Start worker</source>
        <translation>&amp;Start worker</translation>
    </message>
    <message>
        <source>&amp;Tasks</source>
        <translation>&amp;Tasks</translation>
    </message>
    <message>
        <source>&amp;Practice</source>
        <translation>&amp;Practice</translation>
    </message>
    <message>
        <source>Running and waiting</source>
        <translation>Running and waiting</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>Finished</translation>
    </message>
    <message>
        <source>No tasks are running: the miner has not asked for anything.</source>
        <translation>No tasks are running: the miner has not asked for anything.</translation>
    </message>
    <message>
        <source>Finished tasks appear here.</source>
        <translation>Finished tasks appear here.</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Pages</translation>
    </message>
    <message>
        <source>No tasks are running.</source>
        <translation>No tasks are running.</translation>
    </message>
    <message>
        <source>Practise &amp;here</source>
        <translation>Practise &amp;here</translation>
    </message>
</context>
<context>
    <name>lsw::gui::PracticePanel</name>
    <message>
        <source>Start</source>
        <translation>Start</translation>
    </message>
    <message>
        <source>AddPiece (AP)</source>
        <translation>AddPiece (AP)</translation>
    </message>
    <message>
        <source>PreCommit 1 (PC1)</source>
        <translation>PreCommit 1 (PC1)</translation>
    </message>
    <message>
        <source>PreCommit 2 (PC2)</source>
        <translation>PreCommit 2 (PC2)</translation>
    </message>
    <message>
        <source>Wait for the seed (WaitSeed)</source>
        <translation>Wait for the seed (WaitSeed)</translation>
    </message>
    <message>
        <source>Commit 1 (C1)</source>
        <translation>Commit 1 (C1)</translation>
    </message>
    <message>
        <source>Commit 2 (C2)</source>
        <translation>Commit 2 (C2)</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Verify</translation>
    </message>
    <message>
        <source>Finalize</source>
        <translation>Finalize</translation>
    </message>
    <message>
        <source>Move to long-term storage</source>
        <translation>Move to long-term storage</translation>
    </message>
    <message>
        <source>Unseal</source>
        <translation>Unseal</translation>
    </message>
    <message>
        <source>Read back</source>
        <translation>Read back</translation>
    </message>
    <message>
        <source>Proof parameters</source>
        <translation>Proof parameters</translation>
    </message>
    <message>
        <source>A practice miner listens on this computer alone; a real worker, a second process, has registered with it.</source>
        <translation>A practice miner listens on this computer alone; a real worker, a second process, has registered with it.</translation>
    </message>
    <message>
        <source>The data were pushed to the worker, padded and written into the unsealed sector file.</source>
        <translation>The data were pushed to the worker, padded and written into the unsealed sector file.</translation>
    </message>
    <message>
        <source>Every 32 bytes of the sector got a label that depends on many others, layer after layer. This is the slow phase.</source>
        <translation>Every 32 bytes of the sector got a label that depends on many others, layer after layer. This is the slow phase.</translation>
    </message>
    <message>
        <source>Trees were built over the labels; their root, CommR, is what the miner puts on the chain.</source>
        <translation>Trees were built over the labels; their root, CommR, is what the miner puts on the chain.</translation>
    </message>
    <message>
        <source>A real miner now waits about 75 minutes for randomness from the chain; practice draws it at once.</source>
        <translation>A real miner now waits about 75 minutes for randomness from the chain; practice draws it at once.</translation>
    </message>
    <message>
        <source>The places that the seed asks for were opened and checked.</source>
        <translation>The places that the seed asks for were opened and checked.</translation>
    </message>
    <message>
        <source>The openings were turned into a short proof that the chain can verify.</source>
        <translation>The openings were turned into a short proof that the chain can verify.</translation>
    </message>
    <message>
        <source>The official verifier was asked whether the proof holds.</source>
        <translation>The official verifier was asked whether the proof holds.</translation>
    </message>
    <message>
        <source>The labels are no longer needed and were removed.</source>
        <translation>The labels are no longer needed and were removed.</translation>
    </message>
    <message>
        <source>The sealed sector went to long-term storage.</source>
        <translation>The sealed sector went to long-term storage.</translation>
    </message>
    <message>
        <source>The data were computed back from the sealed sector.</source>
        <translation>The data were computed back from the sealed sector.</translation>
    </message>
    <message>
        <source>The data were read back through the worker&apos;s port and compared with what went in.</source>
        <translation>The data were read back through the worker&apos;s port and compared with what went in.</translation>
    </message>
    <message>
        <source>The parameters of practice proofs were generated; they are kept in a folder that no real network reads.</source>
        <translation>The parameters of practice proofs were generated; they are kept in a folder that no real network reads.</translation>
    </message>
    <message>
        <source>File to seal</source>
        <translation>File to seal</translation>
    </message>
    <message>
        <source>Done: the sector is sealed, and what was read back equals what went in.</source>
        <translation>Done: the sector is sealed, and what was read back equals what went in.</translation>
    </message>
    <message>
        <source>Seal one small sector end to end on this computer: with a practice miner, without a network, and without touching any real miner.</source>
        <translation>Seal one small sector end to end on this computer: with a practice miner, without a network, and without touching any real miner.</translation>
    </message>
    <message>
        <source>What to seal</source>
        <translation>What to seal</translation>
    </message>
    <message>
        <source>Sector &amp;size:</source>
        <translation>Sector &amp;size:</translation>
    </message>
    <message>
        <source>&amp;File:</source>
        <translation>&amp;File:</translation>
    </message>
    <message>
        <source>Empty: random bytes</source>
        <translation>Empty: random bytes</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>&amp;Browse…</translation>
    </message>
    <message>
        <source>Also make and verify the final proof (C2); needs 7 GB of memory, and the first time 15 to 30 minutes for parameters</source>
        <translation>Also make and verify the final proof (C2); needs 7 GB of memory, and the first time 15 to 30 minutes for parameters</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>&amp;Cancel</translation>
    </message>
    <message>
        <source>Phases of the practice run</source>
        <translation>Phases of the practice run</translation>
    </message>
    <message>
        <source>Progress of the phase</source>
        <translation>Progress of the phase</translation>
    </message>
    <message>
        <source>Sector size</source>
        <translation>Sector size</translation>
    </message>
    <message>
        <source>Start practi&amp;ce</source>
        <translation>Start practi&amp;ce</translation>
    </message>
</context>
<context>
    <name>lsw::gui::TaskTableModel</name>
    <message>
        <source>Sector</source>
        <translation>Sector</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Task</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Progress</translation>
    </message>
    <message>
        <source>Elapsed</source>
        <translation>Elapsed</translation>
    </message>
    <message>
        <source>State</source>
        <translation>State</translation>
    </message>
</context>
</TS>
