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
    <message>
        <source>learning</source>
        <translation>learning</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>in %1</translation>
    </message>
    <message>
        <source>From the pace of this task alone.</source>
        <translation>From the pace of this task alone.</translation>
    </message>
    <message numerus="yes">
        <source>From %n earlier task(s) of this kind here.</source>
        <translation>
            <numerusform>From %n earlier task of this kind here.</numerusform>
            <numerusform>From %n earlier tasks of this kind here.</numerusform>
        </translation>
    </message>
    <message>
        <source>They took %1.</source>
        <translation>They took %1.</translation>
    </message>
    <message>
        <source>This one is later than usual (×%1).</source>
        <translation>This one is later than usual (×%1).</translation>
    </message>
    <message>
        <source>resumed at %1</source>
        <translation>resumed at %1</translation>
    </message>
    <message>
        <source>%1, %2 kept</source>
        <translation>%1, %2 kept</translation>
    </message>
</context>
<context>
    <name>checks</name>
    <message>
        <source>Connection information</source>
        <translation>Connection information</translation>
    </message>
    <message>
        <source>Token well-formed</source>
        <translation>Token well-formed</translation>
    </message>
    <message>
        <source>Name resolves</source>
        <translation>Name resolves</translation>
    </message>
    <message>
        <source>A way leads there</source>
        <translation>A way leads there</translation>
    </message>
    <message>
        <source>TCP connects</source>
        <translation>TCP connects</translation>
    </message>
    <message>
        <source>A lotus API answers</source>
        <translation>A lotus API answers</translation>
    </message>
    <message>
        <source>Token accepted</source>
        <translation>Token accepted</translation>
    </message>
    <message>
        <source>Version fits</source>
        <translation>Version fits</translation>
    </message>
    <message>
        <source>Which miner it is</source>
        <translation>Which miner it is</translation>
    </message>
    <message>
        <source>Own port free</source>
        <translation>Own port free</translation>
    </message>
    <message>
        <source>Own address can be called</source>
        <translation>Own address can be called</translation>
    </message>
    <message>
        <source>Clocks agree</source>
        <translation>Clocks agree</translation>
    </message>
    <message>
        <source>Limits of this PC</source>
        <translation>Limits of this PC</translation>
    </message>
    <message>
        <source>Storage paths</source>
        <translation>Storage paths</translation>
    </message>
</context>
<context>
    <name>findings</name>
    <message>
        <source>Not run because of #%1.</source>
        <translation>Not run because of #%1.</translation>
    </message>
    <message>
        <source>Not run: it was ended before.</source>
        <translation>Not run: it was ended before.</translation>
    </message>
    <message>
        <source>%1 gives the miner at %2.</source>
        <translation>%1 gives the miner at %2.</translation>
    </message>
    <message>
        <source>Nothing tells where the miner is.</source>
        <translation>Nothing tells where the miner is.</translation>
    </message>
    <message>
        <source>Run this on the miner and put what it prints into the environment here.</source>
        <translation>Run this on the miner and put what it prints into the environment here.</translation>
    </message>
    <message>
        <source>%1 is not as it must be: %2</source>
        <translation>%1 is not as it must be: %2</translation>
    </message>
    <message>
        <source>Write it as it is written here, with the whole token.</source>
        <translation>Write it as it is written here, with the whole token.</translation>
    </message>
    <message>
        <source>What tells where the miner is cannot be read: %1.</source>
        <translation>What tells where the miner is cannot be read: %1.</translation>
    </message>
    <message>
        <source>Run this on the miner and copy the whole line that it prints.</source>
        <translation>Run this on the miner and copy the whole line that it prints.</translation>
    </message>
    <message>
        <source>The miner&apos;s folder cannot be found: %1.</source>
        <translation>The miner&apos;s folder cannot be found: %1.</translation>
    </message>
    <message>
        <source>Give the folder of the miner on this PC, or the miner&apos;s address and token.</source>
        <translation>Give the folder of the miner on this PC, or the miner&apos;s address and token.</translation>
    </message>
    <message>
        <source>The miner&apos;s folder belongs to another user: %1.</source>
        <translation>The miner&apos;s folder belongs to another user: %1.</translation>
    </message>
    <message>
        <source>Run this as the user of the miner and put what it prints into the environment here.</source>
        <translation>Run this as the user of the miner and put what it prints into the environment here.</translation>
    </message>
    <message>
        <source>The miner of this PC is not running: %1.</source>
        <translation>The miner of this PC is not running: %1.</translation>
    </message>
    <message>
        <source>Start the miner.</source>
        <translation>Start the miner.</translation>
    </message>
    <message>
        <source>The token is whole and allows %1.</source>
        <translation>The token is whole and allows %1.</translation>
    </message>
    <message>
        <source>There is no token in %1, and no miner registers a worker without one.</source>
        <translation>There is no token in %1, and no miner registers a worker without one.</translation>
    </message>
    <message>
        <source>The token was cut off: only its first %1 characters are there.</source>
        <translation>The token was cut off: only its first %1 characters are there.</translation>
    </message>
    <message>
        <source>Copy it again, whole; this prints it on the miner.</source>
        <translation>Copy it again, whole; this prints it on the miner.</translation>
    </message>
    <message>
        <source>The token is damaged: it cannot be decoded.</source>
        <translation>The token is damaged: it cannot be decoded.</translation>
    </message>
    <message>
        <source>Copy it again; this prints it on the miner.</source>
        <translation>Copy it again; this prints it on the miner.</translation>
    </message>
    <message>
        <source>The token allows only %1, and a worker needs read and admin.</source>
        <translation>The token allows only %1, and a worker needs read and admin.</translation>
    </message>
    <message>
        <source>Make one that allows everything a worker does.</source>
        <translation>Make one that allows everything a worker does.</translation>
    </message>
    <message>
        <source>The token has not the form that lotus gives tokens, so only the miner can say what it allows.</source>
        <translation>The token has not the form that lotus gives tokens, so only the miner can say what it allows.</translation>
    </message>
    <message>
        <source>If the miner refuses it, make one there.</source>
        <translation>If the miner refuses it, make one there.</translation>
    </message>
    <message>
        <source>Other users of this PC can read the token in %1.</source>
        <translation>Other users of this PC can read the token in %1.</translation>
    </message>
    <message>
        <source>Keep it to its owner.</source>
        <translation>Keep it to its owner.</translation>
    </message>
    <message>
        <source>Others have rights on the miner&apos;s key %1; the miner will not start with it.</source>
        <translation>Others have rights on the miner&apos;s key %1; the miner will not start with it.</translation>
    </message>
    <message>
        <source>Keep the keys to their owner.</source>
        <translation>Keep the keys to their owner.</translation>
    </message>
    <message>
        <source>%1 is an address: there is no name to look up.</source>
        <translation>%1 is an address: there is no name to look up.</translation>
    </message>
    <message>
        <source>%1 is %2.</source>
        <translation>%1 is %2.</translation>
    </message>
    <message>
        <source>Nobody knows the name %1 (%2).</source>
        <translation>Nobody knows the name %1 (%2).</translation>
    </message>
    <message>
        <source>Check the spelling, or use the miner&apos;s IP address, which this prints there.</source>
        <translation>Check the spelling, or use the miner&apos;s IP address, which this prints there.</translation>
    </message>
    <message>
        <source>The name %1 could not be looked up: no name server answers (%2).</source>
        <translation>The name %1 could not be looked up: no name server answers (%2).</translation>
    </message>
    <message>
        <source>Use the miner&apos;s IP address, which this prints there.</source>
        <translation>Use the miner&apos;s IP address, which this prints there.</translation>
    </message>
    <message>
        <source>Packets to %1 leave this PC from %2.</source>
        <translation>Packets to %1 leave this PC from %2.</translation>
    </message>
    <message>
        <source>%1 is an address of this PC: the miner is here.</source>
        <translation>%1 is an address of this PC: the miner is here.</translation>
    </message>
    <message>
        <source>%1 stands for all addresses of the miner&apos;s PC; it is nobody&apos;s address.</source>
        <translation>%1 stands for all addresses of the miner&apos;s PC; it is nobody&apos;s address.</translation>
    </message>
    <message>
        <source>Put the miner&apos;s LAN address in its place, which this prints there.</source>
        <translation>Put the miner&apos;s LAN address in its place, which this prints there.</translation>
    </message>
    <message>
        <source>%1 always means this PC, and nobody listens on port %2 here.</source>
        <translation>%1 always means this PC, and nobody listens on port %2 here.</translation>
    </message>
    <message>
        <source>If the miner is another PC, use its LAN address, which this prints there; if it is this one, start it or correct the port.</source>
        <translation>If the miner is another PC, use its LAN address, which this prints there; if it is this one, start it or correct the port.</translation>
    </message>
    <message>
        <source>No route leads from this PC to %1 (%2).</source>
        <translation>No route leads from this PC to %1 (%2).</translation>
    </message>
    <message>
        <source>Check the cable, the VPN and the address.</source>
        <translation>Check the cable, the VPN and the address.</translation>
    </message>
    <message>
        <source>Calls to %1 go through the proxy %2, which the environment sets.</source>
        <translation>Calls to %1 go through the proxy %2, which the environment sets.</translation>
    </message>
    <message>
        <source>Leave the miner out of it.</source>
        <translation>Leave the miner out of it.</translation>
    </message>
    <message>
        <source>%1 is a public address, and the token goes there unencrypted.</source>
        <translation>%1 is a public address, and the token goes there unencrypted.</translation>
    </message>
    <message>
        <source>Reach the miner through a VPN, or through a proxy that speaks https.</source>
        <translation>Reach the miner through a VPN, or through a proxy that speaks https.</translation>
    </message>
    <message>
        <source>%1 accepts connections (after %2 ms).</source>
        <translation>%1 accepts connections (after %2 ms).</translation>
    </message>
    <message>
        <source>Nobody listens at %1: the miner is not running there, or it listens to its own PC alone, as it does unless told otherwise.</source>
        <translation>Nobody listens at %1: the miner is not running there, or it listens to its own PC alone, as it does unless told otherwise.</translation>
    </message>
    <message>
        <source>On the miner set this in [API] of its config.toml and start it again.</source>
        <translation>On the miner set this in [API] of its config.toml and start it again.</translation>
    </message>
    <message>
        <source>The miner listens on %4 alone, so that nobody reaches it at %1.</source>
        <translation>The miner listens on %4 alone, so that nobody reaches it at %1.</translation>
    </message>
    <message>
        <source>No miner runs here: %1 was left by one that ended without warning, and nobody listens at %2.</source>
        <translation>No miner runs here: %1 was left by one that ended without warning, and nobody listens at %2.</translation>
    </message>
    <message>
        <source>The miner runs (it holds %2), but does not listen at %1; perhaps it is still starting.</source>
        <translation>The miner runs (it holds %2), but does not listen at %1; perhaps it is still starting.</translation>
    </message>
    <message>
        <source>Wait until this answers, then check again.</source>
        <translation>Wait until this answers, then check again.</translation>
    </message>
    <message>
        <source>The miner was started with %2, which beats its config.toml; nobody listens at %1.</source>
        <translation>The miner was started with %2, which beats its config.toml; nobody listens at %1.</translation>
    </message>
    <message>
        <source>Start the miner again without that.</source>
        <translation>Start the miner again without that.</translation>
    </message>
    <message>
        <source>The miner&apos;s api file says %1, which is no longer an address of this PC.</source>
        <translation>The miner&apos;s api file says %1, which is no longer an address of this PC.</translation>
    </message>
    <message>
        <source>Give the PC that address again, or set the present one in [API] of the miner&apos;s config.toml and start it again.</source>
        <translation>Give the PC that address again, or set the present one in [API] of the miner&apos;s config.toml and start it again.</translation>
    </message>
    <message>
        <source>Nothing comes back from %1 within %2 s: a firewall drops the packets, or the address is wrong.</source>
        <translation>Nothing comes back from %1 within %2 s: a firewall drops the packets, or the address is wrong.</translation>
    </message>
    <message>
        <source>On the miner let this PC in (with ufw; other firewalls have the like).</source>
        <translation>On the miner let this PC in (with ufw; other firewalls have the like).</translation>
    </message>
    <message>
        <source>%1 cannot be reached (%2): that PC is off, or the network between is down.</source>
        <translation>%1 cannot be reached (%2): that PC is off, or the network between is down.</translation>
    </message>
    <message>
        <source>Check that PC, the cable and the VPN.</source>
        <translation>Check that PC, the cable and the VPN.</translation>
    </message>
    <message>
        <source>This PC&apos;s own firewall forbids the connection to %1.</source>
        <translation>This PC&apos;s own firewall forbids the connection to %1.</translation>
    </message>
    <message>
        <source>Let this PC out to the miner (with ufw; other firewalls have the like).</source>
        <translation>Let this PC out to the miner (with ufw; other firewalls have the like).</translation>
    </message>
    <message>
        <source>The connection to %1 fails: %2.</source>
        <translation>The connection to %1 fails: %2.</translation>
    </message>
    <message>
        <source>Check the address and the network.</source>
        <translation>Check the address and the network.</translation>
    </message>
    <message>
        <source>A lotus API answers at %1.</source>
        <translation>A lotus API answers at %1.</translation>
    </message>
    <message>
        <source>%1 speaks TLS (https), and the address says http.</source>
        <translation>%1 speaks TLS (https), and the address says http.</translation>
    </message>
    <message>
        <source>Use the address of the encrypted API.</source>
        <translation>Use the address of the encrypted API.</translation>
    </message>
    <message>
        <source>%1 does not speak TLS, though the address says https.</source>
        <translation>%1 does not speak TLS, though the address says https.</translation>
    </message>
    <message>
        <source>Use the address of the plain API.</source>
        <translation>Use the address of the plain API.</translation>
    </message>
    <message>
        <source>The certificate of %1 is not accepted: %2.</source>
        <translation>The certificate of %1 is not accepted: %2.</translation>
    </message>
    <message>
        <source>Give the server one for that name by an authority that this PC trusts, or reach the miner without TLS inside your own network.</source>
        <translation>Give the server one for that name by an authority that this PC trusts, or reach the miner without TLS inside your own network.</translation>
    </message>
    <message>
        <source>A web page answers at %1, not a miner: a proxy or another server stands there (%2).</source>
        <translation>A web page answers at %1, not a miner: a proxy or another server stands there (%2).</translation>
    </message>
    <message>
        <source>Use the address of the miner itself; on the miner this prints it.</source>
        <translation>Use the address of the miner itself; on the miner this prints it.</translation>
    </message>
    <message>
        <source>What answers at %1 is no lotus API (%2).</source>
        <translation>What answers at %1 is no lotus API (%2).</translation>
    </message>
    <message>
        <source>Check address and port; on the miner this prints them.</source>
        <translation>Check address and port; on the miner this prints them.</translation>
    </message>
    <message>
        <source>What listens at %1 does not speak HTTP, so it is no miner.</source>
        <translation>What listens at %1 does not speak HTTP, so it is no miner.</translation>
    </message>
    <message>
        <source>Check the port; on the miner this prints it.</source>
        <translation>Check the port; on the miner this prints it.</translation>
    </message>
    <message>
        <source>%1 takes the connection, but does not answer within %2 s.</source>
        <translation>%1 takes the connection, but does not answer within %2 s.</translation>
    </message>
    <message>
        <source>See on the miner whether it still answers there; if not, start it again.</source>
        <translation>See on the miner whether it still answers there; if not, start it again.</translation>
    </message>
    <message>
        <source>%1 takes the connection and ends it without an answer (%2).</source>
        <translation>%1 takes the connection and ends it without an answer (%2).</translation>
    </message>
    <message>
        <source>See on the miner whether it answers there, and what stands between.</source>
        <translation>See on the miner whether it answers there, and what stands between.</translation>
    </message>
    <message>
        <source>%1 is the API of a full node (lotus daemon), not of a miner.</source>
        <translation>%1 is the API of a full node (lotus daemon), not of a miner.</translation>
    </message>
    <message>
        <source>Use the miner&apos;s port, 2345 unless it was changed; on the miner this prints address and token.</source>
        <translation>Use the miner&apos;s port, 2345 unless it was changed; on the miner this prints address and token.</translation>
    </message>
    <message>
        <source>%1 is the port of a worker, not of a miner.</source>
        <translation>%1 is the port of a worker, not of a miner.</translation>
    </message>
    <message>
        <source>Something between here and %1 lets no connection be upgraded (WebSocket): this worker needs none, other programs of lotus do.</source>
        <translation>Something between here and %1 lets no connection be upgraded (WebSocket): this worker needs none, other programs of lotus do.</translation>
    </message>
    <message>
        <source>In the proxy before the miner pass the headers Upgrade and Connection on.</source>
        <translation>In the proxy before the miner pass the headers Upgrade and Connection on.</translation>
    </message>
    <message>
        <source>The miner accepts the token, for %1.</source>
        <translation>The miner accepts the token, for %1.</translation>
    </message>
    <message>
        <source>The miner refuses the token (401): it is another miner&apos;s, or this miner&apos;s keystore was made anew.</source>
        <translation>The miner refuses the token (401): it is another miner&apos;s, or this miner&apos;s keystore was made anew.</translation>
    </message>
    <message>
        <source>Run this on this miner and copy the whole line that it prints.</source>
        <translation>Run this on this miner and copy the whole line that it prints.</translation>
    </message>
    <message>
        <source>The miner could not say what the token allows: %1.</source>
        <translation>The miner could not say what the token allows: %1.</translation>
    </message>
    <message>
        <source>Try one that the miner makes now.</source>
        <translation>Try one that the miner makes now.</translation>
    </message>
    <message>
        <source>The miner is lotus-miner %1 with API %2, which this worker speaks.</source>
        <translation>The miner is lotus-miner %1 with API %2, which this worker speaks.</translation>
    </message>
    <message>
        <source>The miner is lotus %1 (API %2) and speaks the worker protocol of %3 (%4); this worker speaks that of lotus v1.20 and later.</source>
        <translation>The miner is lotus %1 (API %2) and speaks the worker protocol of %3 (%4); this worker speaks that of lotus v1.20 and later.</translation>
    </message>
    <message>
        <source>Bring the miner to the present lotus, or work for it with the program of its own release: %5.</source>
        <translation>Bring the miner to the present lotus, or work for it with the program of its own release: %5.</translation>
    </message>
    <message>
        <source>The miner is a development build of early 2020 (%1, API %2) whose worker protocol was never released.</source>
        <translation>The miner is a development build of early 2020 (%1, API %2) whose worker protocol was never released.</translation>
    </message>
    <message>
        <source>Bring the miner to a release of lotus.</source>
        <translation>Bring the miner to a release of lotus.</translation>
    </message>
    <message>
        <source>The miner is lotus-miner %1 with API %2; this worker speaks API %3, which miners have from lotus v1.20.0 on.</source>
        <translation>The miner is lotus-miner %1 with API %2; this worker speaks API %3, which miners have from lotus v1.20.0 on.</translation>
    </message>
    <message>
        <source>Bring the miner to lotus v1.20.0 or later, or use the worker program of its own release.</source>
        <translation>Bring the miner to lotus v1.20.0 or later, or use the worker program of its own release.</translation>
    </message>
    <message>
        <source>The miner is lotus-miner %1 with API %2, which is newer than this worker; it speaks API %3.</source>
        <translation>The miner is lotus-miner %1 with API %2, which is newer than this worker; it speaks API %3.</translation>
    </message>
    <message>
        <source>Bring this worker to its newest version.</source>
        <translation>Bring this worker to its newest version.</translation>
    </message>
    <message>
        <source>The miner does not say its version: %1.</source>
        <translation>The miner does not say its version: %1.</translation>
    </message>
    <message>
        <source>See on the miner which program answers there.</source>
        <translation>See on the miner which program answers there.</translation>
    </message>
    <message>
        <source>It is the miner %1 with sectors of %2; registered workers: %3.</source>
        <translation>It is the miner %1 with sectors of %2; registered workers: %3.</translation>
    </message>
    <message>
        <source>The miner %1 does not reach its full node, so no sector goes on: %2.</source>
        <translation>The miner %1 does not reach its full node, so no sector goes on: %2.</translation>
    </message>
    <message>
        <source>On the miner see whether the node runs and is in step.</source>
        <translation>On the miner see whether the node runs and is in step.</translation>
    </message>
    <message>
        <source>The miner tells workers to fetch its files from %1, which on another PC is that PC itself.</source>
        <translation>The miner tells workers to fetch its files from %1, which on another PC is that PC itself.</translation>
    </message>
    <message>
        <source>The miner does not say who it is: %1.</source>
        <translation>The miner does not say who it is: %1.</translation>
    </message>
    <message>
        <source>See on the miner whether it answers.</source>
        <translation>See on the miner whether it answers.</translation>
    </message>
    <message>
        <source>%1 is free for this worker.</source>
        <translation>%1 is free for this worker.</translation>
    </message>
    <message>
        <source>This worker runs and listens at %1.</source>
        <translation>This worker runs and listens at %1.</translation>
    </message>
    <message>
        <source>%1 is taken by %2.</source>
        <translation>%1 is taken by %2.</translation>
    </message>
    <message>
        <source>Stop that program, or take another port.</source>
        <translation>Stop that program, or take another port.</translation>
    </message>
    <message>
        <source>This user may not listen at %1 (%2).</source>
        <translation>This user may not listen at %1 (%2).</translation>
    </message>
    <message>
        <source>Take a port above 1023.</source>
        <translation>Take a port above 1023.</translation>
    </message>
    <message>
        <source>%1 is no address of this PC, so nothing can listen there.</source>
        <translation>%1 is no address of this PC, so nothing can listen there.</translation>
    </message>
    <message>
        <source>Listen on the address that faces the miner, which 0.0.0.0 stands for.</source>
        <translation>Listen on the address that faces the miner, which 0.0.0.0 stands for.</translation>
    </message>
    <message>
        <source>The address to listen on or to advertise cannot be used: %1.</source>
        <translation>The address to listen on or to advertise cannot be used: %1.</translation>
    </message>
    <message>
        <source>Write it as HOST:PORT.</source>
        <translation>Write it as HOST:PORT.</translation>
    </message>
    <message>
        <source>The miner will be told to call this worker at %1.</source>
        <translation>The miner will be told to call this worker at %1.</translation>
    </message>
    <message>
        <source>The miner has called this worker at %1 and registered it.</source>
        <translation>The miner has called this worker at %1 and registered it.</translation>
    </message>
    <message>
        <source>The miner is another PC, and would look for this worker at %1, which there is the miner itself.</source>
        <translation>The miner is another PC, and would look for this worker at %1, which there is the miner itself.</translation>
    </message>
    <message>
        <source>Listen on the address that faces the miner.</source>
        <translation>Listen on the address that faces the miner.</translation>
    </message>
    <message>
        <source>%1 stands for all addresses; no miner can call a worker there.</source>
        <translation>%1 stands for all addresses; no miner can call a worker there.</translation>
    </message>
    <message>
        <source>Advertise the address that faces the miner.</source>
        <translation>Advertise the address that faces the miner.</translation>
    </message>
    <message>
        <source>%1 is no address of this PC: it is right only if a router forwards that port to here.</source>
        <translation>%1 is no address of this PC: it is right only if a router forwards that port to here.</translation>
    </message>
    <message>
        <source>Without such a router, leave the advertising out.</source>
        <translation>Without such a router, leave the advertising out.</translation>
    </message>
    <message>
        <source>The clocks of miner and worker agree within %1 s.</source>
        <translation>The clocks of miner and worker agree within %1 s.</translation>
    </message>
    <message>
        <source>This PC&apos;s clock is %1 s ahead of the miner&apos;s.</source>
        <translation>This PC&apos;s clock is %1 s ahead of the miner&apos;s.</translation>
    </message>
    <message>
        <source>Let both set their clocks by the network.</source>
        <translation>Let both set their clocks by the network.</translation>
    </message>
    <message>
        <source>This PC&apos;s clock is %1 s behind the miner&apos;s.</source>
        <translation>This PC&apos;s clock is %1 s behind the miner&apos;s.</translation>
    </message>
    <message>
        <source>The miner&apos;s answers do not tell its time, so the clocks were not compared.</source>
        <translation>The miner&apos;s answers do not tell its time, so the clocks were not compared.</translation>
    </message>
    <message>
        <source>%1 files may be open at once, and %2 of memory may be used.</source>
        <translation>%1 files may be open at once, and %2 of memory may be used.</translation>
    </message>
    <message>
        <source>Only %1 files may be open at once; large sectors want %2.</source>
        <translation>Only %1 files may be open at once; large sectors want %2.</translation>
    </message>
    <message>
        <source>Raise the limit in the unit of the service, or for this user.</source>
        <translation>Raise the limit in the unit of the service, or for this user.</translation>
    </message>
    <message>
        <source>A limit of the service or container grants %1 of the %2 of memory that this PC has.</source>
        <translation>A limit of the service or container grants %1 of the %2 of memory that this PC has.</translation>
    </message>
    <message>
        <source>Raise it in the unit of the service, or of the container.</source>
        <translation>Raise it in the unit of the service, or of the container.</translation>
    </message>
    <message>
        <source>This PC goes to sleep when nobody uses it (%1), and sealing stops then.</source>
        <translation>This PC goes to sleep when nobody uses it (%1), and sealing stops then.</translation>
    </message>
    <message>
        <source>Keep it awake.</source>
        <translation>Keep it awake.</translation>
    </message>
    <message>
        <source>%1 can seal and has %2 free: room for %3 sectors of %4 at once.</source>
        <translation>%1 can seal and has %2 free: room for %3 sectors of %4 at once.</translation>
    </message>
    <message>
        <source>The first start makes the folder %1, which then is a sealing path with %2 free.</source>
        <translation>The first start makes the folder %1, which then is a sealing path with %2 free.</translation>
    </message>
    <message>
        <source>None of the storage paths of %1 can seal: the worker would be registered, but would never get work.</source>
        <translation>None of the storage paths of %1 can seal: the worker would be registered, but would never get work.</translation>
    </message>
    <message>
        <source>Add one.</source>
        <translation>Add one.</translation>
    </message>
    <message>
        <source>The storage path %1 cannot be used: %2.</source>
        <translation>The storage path %1 cannot be used: %2.</translation>
    </message>
    <message>
        <source>Mount its disk, or take the path off the list.</source>
        <translation>Mount its disk, or take the path off the list.</translation>
    </message>
    <message>
        <source>This user cannot write into %1 (%2).</source>
        <translation>This user cannot write into %1 (%2).</translation>
    </message>
    <message>
        <source>Give the folder to this user.</source>
        <translation>Give the folder to this user.</translation>
    </message>
    <message>
        <source>Make room, or add a path on a larger disk.</source>
        <translation>Make room, or add a path on a larger disk.</translation>
    </message>
    <message>
        <source>The list of storage paths cannot be read: %1.</source>
        <translation>The list of storage paths cannot be read: %1.</translation>
    </message>
    <message>
        <source>Mend the file or move it away.</source>
        <translation>Mend the file or move it away.</translation>
    </message>
    <message>
        <source>The worker&apos;s folder %1 is in use by %2.</source>
        <translation>The worker&apos;s folder %1 is in use by %2.</translation>
    </message>
    <message>
        <source>Stop that program, or give this worker a folder of its own.</source>
        <translation>Stop that program, or give this worker a folder of its own.</translation>
    </message>
    <message>
        <source>%1 belongs to the miner; a worker in it would remove the miner&apos;s files.</source>
        <translation>%1 belongs to the miner; a worker in it would remove the miner&apos;s files.</translation>
    </message>
    <message>
        <source>Give the worker a folder of its own.</source>
        <translation>Give the worker a folder of its own.</translation>
    </message>
    <message>
        <source>There is no room for one sector of %1 in work: that takes %2, and %3 has %4 free.</source>
        <translation>There is no room for one sector of %1 in work: that takes %2, and %3 has %4 free.</translation>
    </message>
    <message>
        <source>%1, with %2.</source>
        <translation>%1, with %2.</translation>
    </message>
    <message>
        <source>%1 has no SHA instructions: PC1 takes many times as long as with them.</source>
        <translation>%1 has no SHA instructions: PC1 takes many times as long as with them.</translation>
    </message>
    <message>
        <source>Label on a machine with AMD Zen or Intel Ice Lake and later, and let this one do other tasks.</source>
        <translation>Label on a machine with AMD Zen or Intel Ice Lake and later, and let this one do other tasks.</translation>
    </message>
    <message>
        <source>%1 cores may be used.</source>
        <translation>%1 cores may be used.</translation>
    </message>
    <message>
        <source>Only %1 cores may be used; sealing wants %2 and more.</source>
        <translation>Only %1 cores may be used; sealing wants %2 and more.</translation>
    </message>
    <message>
        <source>Expect long times, or offer fewer kinds of task.</source>
        <translation>Expect long times, or offer fewer kinds of task.</translation>
    </message>
    <message>
        <source>L3 caches, of %2 each: %1. As many PC1 do not disturb each other.</source>
        <translation>L3 caches, of %2 each: %1. As many PC1 do not disturb each other.</translation>
    </message>
    <message>
        <source>%1 of memory and %2 of swap: enough for every task that is offered (%3 wants most: %4).</source>
        <translation>%1 of memory and %2 of swap: enough for every task that is offered (%3 wants most: %4).</translation>
    </message>
    <message>
        <source>%1 of memory and %2 of swap are less than %3 can take, %4; the miner will not give it while other tasks run.</source>
        <translation>%1 of memory and %2 of swap are less than %3 can take, %4; the miner will not give it while other tasks run.</translation>
    </message>
    <message>
        <source>Add swap on a fast disk, or offer other tasks here.</source>
        <translation>Add swap on a fast disk, or offer other tasks here.</translation>
    </message>
    <message>
        <source>%1 of memory are too little for %3, which need up to %4 at least: the miner will never give them to this worker.</source>
        <translation>%1 of memory are too little for %3, which need up to %4 at least: the miner will never give them to this worker.</translation>
    </message>
    <message>
        <source>Offer the tasks that fit, or add memory.</source>
        <translation>Offer the tasks that fit, or add memory.</translation>
    </message>
    <message>
        <source>Swap: %1.</source>
        <translation>Swap: %1.</translation>
    </message>
    <message>
        <source>Transparent huge pages are used where they are asked for (%1); reserved ones, %2, are not needed.</source>
        <translation>Transparent huge pages are used where they are asked for (%1); reserved ones, %2, are not needed.</translation>
    </message>
    <message>
        <source>Transparent huge pages are switched off: reading layers at random costs about twice.</source>
        <translation>Transparent huge pages are switched off: reading layers at random costs about twice.</translation>
    </message>
    <message>
        <source>Allow them where a program asks for them.</source>
        <translation>Allow them where a program asks for them.</translation>
    </message>
    <message>
        <source>GPU: %1 (%2). This worker computes on the processor and leaves it to others.</source>
        <translation>GPU: %1 (%2). This worker computes on the processor and leaves it to others.</translation>
    </message>
    <message>
        <source>No GPU is seen; none is needed, this worker computes on the processor.</source>
        <translation>No GPU is seen; none is needed, this worker computes on the processor.</translation>
    </message>
    <message>
        <source>%1 files may be open at once.</source>
        <translation>%1 files may be open at once.</translation>
    </message>
    <message>
        <source>%1 of memory may be locked; only the official engine with FIL_PROOFS_USE_MULTICORE_SDR=1 locks any, two sectors for each PC1.</source>
        <translation>%1 of memory may be locked; only the official engine with FIL_PROOFS_USE_MULTICORE_SDR=1 locks any, two sectors for each PC1.</translation>
    </message>
    <message>
        <source>%1: %2 on %3, %4 free: room for %5 sectors of %6 in work, %7 each.</source>
        <translation>%1: %2 on %3, %4 free: room for %5 sectors of %6 in work, %7 each.</translation>
    </message>
    <message>
        <source>%1 lies in memory (%2): sealing there takes the memory that sealing needs, and a restart loses everything.</source>
        <translation>%1 lies in memory (%2): sealing there takes the memory that sealing needs, and a restart loses everything.</translation>
    </message>
    <message>
        <source>Take a folder on a disk.</source>
        <translation>Take a folder on a disk.</translation>
    </message>
    <message>
        <source>%1 lies on a network file system (%2): sealing writes many times the sector there.</source>
        <translation>%1 lies on a network file system (%2): sealing writes many times the sector there.</translation>
    </message>
    <message>
        <source>Seal on a disk of this machine, and use that one to store.</source>
        <translation>Seal on a disk of this machine, and use that one to store.</translation>
    </message>
    <message>
        <source>%1 lies on a disk that turns (%2): PC1 reads at random, for which it is far too slow.</source>
        <translation>%1 lies on a disk that turns (%2): PC1 reads at random, for which it is far too slow.</translation>
    </message>
    <message>
        <source>Seal on NVMe, and use that one to store.</source>
        <translation>Seal on NVMe, and use that one to store.</translation>
    </message>
    <message>
        <source>%1 of proof parameters are still to come into %2, which has %3 free.</source>
        <translation>%1 of proof parameters are still to come into %2, which has %3 free.</translation>
    </message>
    <message>
        <source>%1 of proof parameters are still to come into %2, and %3 are free there.</source>
        <translation>%1 of proof parameters are still to come into %2, and %3 are free there.</translation>
    </message>
    <message>
        <source>Put them on another disk.</source>
        <translation>Put them on another disk.</translation>
    </message>
    <message>
        <source>No proof parameters are missing for these tasks.</source>
        <translation>No proof parameters are missing for these tasks.</translation>
    </message>
    <message>
        <source>The first PC1 writes %1 of parent graph into %2, which has %3 free.</source>
        <translation>The first PC1 writes %1 of parent graph into %2, which has %3 free.</translation>
    </message>
    <message>
        <source>The first PC1 writes %1 of parent graph into %2, and %3 are free there.</source>
        <translation>The first PC1 writes %1 of parent graph into %2, and %3 are free there.</translation>
    </message>
    <message>
        <source>Put it on another disk.</source>
        <translation>Put it on another disk.</translation>
    </message>
    <message>
        <source>Temporary files go to %1, with %2 free.</source>
        <translation>Temporary files go to %1, with %2 free.</translation>
    </message>
    <message>
        <source>Temporary files cannot be made in %1 (%2).</source>
        <translation>Temporary files cannot be made in %1 (%2).</translation>
    </message>
    <message>
        <source>Name a folder that this user may write into.</source>
        <translation>Name a folder that this user may write into.</translation>
    </message>
    <message>
        <source>%1 belongs to the user %2: other programs of lotus cannot prove on a GPU as this user.</source>
        <translation>%1 belongs to the user %2: other programs of lotus cannot prove on a GPU as this user.</translation>
    </message>
    <message>
        <source>When nothing proves there, remove it.</source>
        <translation>When nothing proves there, remove it.</translation>
    </message>
    <message>
        <source>No lock of another user&apos;s prover is in the way.</source>
        <translation>No lock of another user&apos;s prover is in the way.</translation>
    </message>
    <message>
        <source>The clock is kept by the network.</source>
        <translation>The clock is kept by the network.</translation>
    </message>
    <message>
        <source>Nothing keeps the clock: the system says that it is not synchronised.</source>
        <translation>Nothing keeps the clock: the system says that it is not synchronised.</translation>
    </message>
    <message>
        <source>Let it be set by the network.</source>
        <translation>Let it be set by the network.</translation>
    </message>
    <message>
        <source>This PC does not go to sleep by itself.</source>
        <translation>This PC does not go to sleep by itself.</translation>
    </message>
    <message>
        <source>The miner&apos;s config.toml says ListenAddress %1, and the miner listens at %2: it was not started again since that was written.</source>
        <translation>The miner&apos;s config.toml says ListenAddress %1, and the miner listens at %2: it was not started again since that was written.</translation>
    </message>
    <message>
        <source>Start the miner again.</source>
        <translation>Start the miner again.</translation>
    </message>
    <message>
        <source>The miner&apos;s config.toml says ListenAddress %1, and the miner listens at %2, because %3 beats the file.</source>
        <translation>The miner&apos;s config.toml says ListenAddress %1, and the miner listens at %2, because %3 beats the file.</translation>
    </message>
    <message>
        <source>%1 takes %2 a second and gives %3 a second, in large files.</source>
        <translation>%1 takes %2 a second and gives %3 a second, in large files.</translation>
    </message>
    <message>
        <source>%1 takes only %2 a second and gives %3 a second: to write the %4 of layers of one sector and to read them again takes %5.</source>
        <translation>%1 takes only %2 a second and gives %3 a second: to write the %4 of layers of one sector and to read them again takes %5.</translation>
    </message>
    <message>
        <source>How fast %1 is was not measured: %2.</source>
        <translation>How fast %1 is was not measured: %2.</translation>
    </message>
    <message>
        <source>The parent graph of PC1 is whole in %1 (%2).</source>
        <translation>The parent graph of PC1 is whole in %1 (%2).</translation>
    </message>
    <message>
        <source>The parent graph of PC1 in %1 has the right length, %2; the next PC1 checks it once.</source>
        <translation>The parent graph of PC1 in %1 has the right length, %2; the next PC1 checks it once.</translation>
    </message>
    <message>
        <source>The parent graph of PC1 in %1 (%2) is that of the official crate, byte for byte.</source>
        <translation>The parent graph of PC1 in %1 (%2) is that of the official crate, byte for byte.</translation>
    </message>
    <message>
        <source>The parent graph of PC1 in %1 is damaged: sectors that were labelled with it cannot be proven.</source>
        <translation>The parent graph of PC1 in %1 is damaged: sectors that were labelled with it cannot be proven.</translation>
    </message>
    <message>
        <source>Remove it while no PC1 runs; the next one makes it again.</source>
        <translation>Remove it while no PC1 runs; the next one makes it again.</translation>
    </message>
    <message>
        <source>The network card %1 has %2 Mbit/s: a sealed sector of %3 and its cache, %4 before it is finalised, take %5 to another machine.</source>
        <translation>The network card %1 has %2 Mbit/s: a sealed sector of %3 and its cache, %4 before it is finalised, take %5 to another machine.</translation>
    </message>
    <message>
        <source>the connection was refused</source>
        <translation>the connection was refused</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>no answer in time</translation>
    </message>
    <message>
        <source>no route leads there</source>
        <translation>no route leads there</translation>
    </message>
    <message>
        <source>no network leads there</source>
        <translation>no network leads there</translation>
    </message>
    <message>
        <source>that computer is off</source>
        <translation>that computer is off</translation>
    </message>
    <message>
        <source>the other side ended the connection</source>
        <translation>the other side ended the connection</translation>
    </message>
    <message>
        <source>this user may not do that</source>
        <translation>this user may not do that</translation>
    </message>
    <message>
        <source>that is not permitted</source>
        <translation>that is not permitted</translation>
    </message>
    <message>
        <source>it is not there</source>
        <translation>it is not there</translation>
    </message>
    <message>
        <source>it is no folder</source>
        <translation>it is no folder</translation>
    </message>
    <message>
        <source>another program has the address</source>
        <translation>another program has the address</translation>
    </message>
    <message>
        <source>it is no address of this computer</source>
        <translation>it is no address of this computer</translation>
    </message>
    <message>
        <source>the disk is full</source>
        <translation>the disk is full</translation>
    </message>
    <message>
        <source>the disk can only be read</source>
        <translation>the disk can only be read</translation>
    </message>
    <message>
        <source>the disk has a fault</source>
        <translation>the disk has a fault</translation>
    </message>
    <message>
        <source>too many files are open</source>
        <translation>too many files are open</translation>
    </message>
    <message>
        <source>there is too little memory</source>
        <translation>there is too little memory</translation>
    </message>
    <message>
        <source>the host is not known</source>
        <translation>the host is not known</translation>
    </message>
    <message>
        <source>the name server does not answer</source>
        <translation>the name server does not answer</translation>
    </message>
    <message>
        <source>the name server failed</source>
        <translation>the name server failed</translation>
    </message>
</context>
<context>
    <name>lsw::gui::AddressPage</name>
    <message>
        <source>%1 Mbit/s</source>
        <translation>%1 Mbit/s</translation>
    </message>
    <message>
        <source>✓ the miner is reached through this one</source>
        <translation>✓ the miner is reached through this one</translation>
    </message>
    <message>
        <source>Machines that reach %1 can try to connect; each request needs a token.</source>
        <translation>Machines that reach %1 can try to connect; each request needs a token.</translation>
    </message>
    <message>
        <source>Only programs of this computer can connect. Right when the miner runs here.</source>
        <translation>Only programs of this computer can connect. Right when the miner runs here.</translation>
    </message>
    <message>
        <source>Anybody who can reach port %1 on any of this computer&apos;s networks, VPN and public ones included, can try to connect. They still need a token.</source>
        <translation>Anybody who can reach port %1 on any of this computer&apos;s networks, VPN and public ones included, can try to connect. They still need a token.</translation>
    </message>
    <message>
        <source>Caution: one of these addresses is a public one, open to the Internet.</source>
        <translation>Caution: one of these addresses is a public one, open to the Internet.</translation>
    </message>
    <message>
        <source>This computer&apos;s address</source>
        <translation>This computer&apos;s address</translation>
    </message>
    <message>
        <source>The miner calls the worker back: it needs an address of this computer and a port.</source>
        <translation>The miner calls the worker back: it needs an address of this computer and a port.</translation>
    </message>
    <message>
        <source>Network interfaces</source>
        <translation>Network interfaces</translation>
    </message>
    <message>
        <source>Interface</source>
        <translation>Interface</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Kind</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Speed</translation>
    </message>
    <message>
        <source>&amp;The chosen address (recommended)</source>
        <translation>&amp;The chosen address (recommended)</translation>
    </message>
    <message>
        <source>&amp;Only this computer (127.0.0.1)</source>
        <translation>&amp;Only this computer (127.0.0.1)</translation>
    </message>
    <message>
        <source>&amp;All addresses (0.0.0.0)</source>
        <translation>&amp;All addresses (0.0.0.0)</translation>
    </message>
    <message>
        <source>I &amp;know, and want it so</source>
        <translation>I &amp;know, and want it so</translation>
    </message>
    <message>
        <source>&amp;Port:</source>
        <translation>&amp;Port:</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Tell the &amp;miner another one:</source>
        <translation>Tell the &amp;miner another one:</translation>
    </message>
    <message>
        <source>Advertised address</source>
        <translation>Advertised address</translation>
    </message>
    <message>
        <source>HOST:PORT, only behind NAT</source>
        <translation>HOST:PORT, only behind NAT</translation>
    </message>
    <message>
        <source>At each start the address is taken through which the miner is reached. Right when this computer&apos;s address changes.</source>
        <translation>At each start the address is taken through which the miner is reached. Right when this computer&apos;s address changes.</translation>
    </message>
    <message>
        <source>A&amp;utomatic: the one that faces the miner</source>
        <translation>A&amp;utomatic: the one that faces the miner</translation>
    </message>
</context>
<context>
    <name>lsw::gui::CheckPage</name>
    <message>
        <source>Check the connection</source>
        <translation>Check the connection</translation>
    </message>
    <message>
        <source>Each check builds on those before. Nothing at the miner is changed by them. You may go on with what failed, and come back later.</source>
        <translation>Each check builds on those before. Nothing at the miner is changed by them. You may go on with what failed, and come back later.</translation>
    </message>
</context>
<context>
    <name>lsw::gui::CommandBox</name>
    <message>
        <source>Copy</source>
        <translation>Copy</translation>
    </message>
</context>
<context>
    <name>lsw::gui::DoctorDialog</name>
    <message>
        <source>Check the connection</source>
        <translation>Check the connection</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>C&amp;lose</translation>
    </message>
    <message>
        <source>Checked at %1; again every minute while this is open. Nothing at the miner is changed by it.</source>
        <translation>Checked at %1; again every minute while this is open. Nothing at the miner is changed by it.</translation>
    </message>
</context>
<context>
    <name>lsw::gui::DoctorPanel</name>
    <message>
        <source>Looking at the connection …</source>
        <translation>Looking at the connection …</translation>
    </message>
    <message>
        <source>Nothing was looked at yet.</source>
        <translation>Nothing was looked at yet.</translation>
    </message>
    <message>
        <source>The worker would not work. What to do is said below.</source>
        <translation>The worker would not work. What to do is said below.</translation>
    </message>
    <message>
        <source>The miner can be used; something is worth a look.</source>
        <translation>The miner can be used; something is worth a look.</translation>
    </message>
    <message>
        <source>The miner can be used.</source>
        <translation>The miner can be used.</translation>
    </message>
    <message>
        <source>Miner %1, lotus %2</source>
        <translation>Miner %1, lotus %2</translation>
    </message>
    <message>
        <source>Sector size: %1</source>
        <translation>Sector size: %1</translation>
    </message>
    <message>
        <source>Network: %1</source>
        <translation>Network: %1</translation>
    </message>
    <message>
        <source>Worker use: %1</source>
        <translation>Worker use: %1</translation>
    </message>
    <message>
        <source>Checks</source>
        <translation>Checks</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Check</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>What was found</translation>
    </message>
    <message>
        <source>Check a&amp;gain</source>
        <translation>Check a&amp;gain</translation>
    </message>
    <message>
        <source>St&amp;op checking</source>
        <translation>St&amp;op checking</translation>
    </message>
</context>
<context>
    <name>lsw::gui::HistoryModel</name>
    <message>
        <source>done</source>
        <translation>done</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>failed</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>aborted</translation>
    </message>
    <message>
        <source>interrupted</source>
        <translation>interrupted</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Ended</translation>
    </message>
    <message>
        <source>Sector</source>
        <translation>Sector</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Task</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Took</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>Outcome</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
</context>
<context>
    <name>lsw::gui::HistoryPage</name>
    <message>
        <source>The history begins with the first finished task.</source>
        <translation>The history begins with the first finished task.</translation>
    </message>
    <message>
        <source>The history cannot be read.</source>
        <translation>The history cannot be read.</translation>
    </message>
    <message>
        <source>Timeline of sector %1</source>
        <translation>Timeline of sector %1</translation>
    </message>
    <message numerus="yes">
        <source>%n sector(s) finished</source>
        <translation>
            <numerusform>%n sector finished</numerusform>
            <numerusform>%n sectors finished</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 a day</source>
        <translation>%1 a day</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>Task</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>Median</translation>
    </message>
    <message>
        <source>20 %</source>
        <translation>20 %</translation>
    </message>
    <message>
        <source>80 %</source>
        <translation>80 %</translation>
    </message>
    <message>
        <source>Longest</source>
        <translation>Longest</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>Tasks</translation>
    </message>
    <message>
        <source>layers</source>
        <translation>layers</translation>
    </message>
    <message>
        <source>Export the history</source>
        <translation>Export the history</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>Tables (*.csv)</translation>
    </message>
    <message>
        <source>Written: %1</source>
        <translation>Written: %1</translation>
    </message>
    <message>
        <source>%1 could not be written: %2</source>
        <translation>%1 could not be written: %2</translation>
    </message>
    <message>
        <source>Filter: sector, task, outcome</source>
        <translation>Filter: sector, task, outcome</translation>
    </message>
    <message>
        <source>Filter the history</source>
        <translation>Filter the history</translation>
    </message>
    <message>
        <source>&amp;Export …</source>
        <translation>&amp;Export …</translation>
    </message>
    <message>
        <source>Finished tasks</source>
        <translation>Finished tasks</translation>
    </message>
    <message>
        <source>How long tasks take</source>
        <translation>How long tasks take</translation>
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
        <source>&amp;Start worker</source>
        <translation>&amp;Start worker</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Pages</translation>
    </message>
    <message>
        <source>Practise &amp;here</source>
        <translation>Practise &amp;here</translation>
    </message>
    <message>
        <source>Set &amp;up …</source>
        <translation>Set &amp;up …</translation>
    </message>
    <message>
        <source>Stop the worker</source>
        <translation>Stop the worker</translation>
    </message>
    <message numerus="yes">
        <source>%n task(s) running will be ended.</source>
        <translation>
            <numerusform>%n running task will be ended.</numerusform>
            <numerusform>%n running tasks will be ended.</numerusform>
        </translation>
    </message>
    <message>
        <source>PreCommit 1 and 2 go on from their last checkpoint, at most some minutes back, when the miner asks again; other tasks begin anew.</source>
        <translation>PreCommit 1 and 2 go on from their last checkpoint, at most some minutes back, when the miner asks again; other tasks begin anew.</translation>
    </message>
    <message>
        <source>&amp;Stop now</source>
        <translation>&amp;Stop now</translation>
    </message>
    <message>
        <source>&amp;Finish them first</source>
        <translation>&amp;Finish them first</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 free for sealing</source>
        <translation>%1 free for sealing</translation>
    </message>
    <message>
        <source>S&amp;top …</source>
        <translation>S&amp;top …</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>&amp;Pause</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Pause</translation>
    </message>
    <message>
        <source>No task begins; running tasks go on.</source>
        <translation>No task begins; running tasks go on.</translation>
    </message>
    <message>
        <source>For 15 minutes</source>
        <translation>For 15 minutes</translation>
    </message>
    <message>
        <source>For an hour</source>
        <translation>For an hour</translation>
    </message>
    <message>
        <source>Until I resume</source>
        <translation>Until I resume</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Resume</translation>
    </message>
    <message>
        <source>&amp;Finish, then stop</source>
        <translation>&amp;Finish, then stop</translation>
    </message>
    <message>
        <source>Takes no new tasks, does those that are here, then stops.</source>
        <translation>Takes no new tasks, does those that are here, then stops.</translation>
    </message>
    <message>
        <source>Overview</source>
        <translation>Overview</translation>
    </message>
    <message>
        <source>Tasks</source>
        <translation>Tasks</translation>
    </message>
    <message>
        <source>Sectors and history</source>
        <translation>Sectors and history</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Storage</translation>
    </message>
    <message>
        <source>Practice</source>
        <translation>Practice</translation>
    </message>
    <message>
        <source>Che&amp;ck …</source>
        <translation>Che&amp;ck …</translation>
    </message>
    <message>
        <source>Check the connection</source>
        <translation>Check the connection</translation>
    </message>
    <message>
        <source>Check the connection to the miner</source>
        <translation>Check the connection to the miner</translation>
    </message>
</context>
<context>
    <name>lsw::gui::MinerListenDialog</name>
    <message>
        <source>No other machine reaches the miner.</source>
        <translation>No other machine reaches the miner.</translation>
    </message>
    <message>
        <source>The miner is reached at %1, and no longer at 127.0.0.1.</source>
        <translation>The miner is reached at %1, and no longer at 127.0.0.1.</translation>
    </message>
    <message>
        <source>It will not start when this machine no longer has %1: let the router keep the address for it.</source>
        <translation>It will not start when this machine no longer has %1: let the router keep the address for it.</translation>
    </message>
    <message>
        <source>Anybody on any network of this machine can try to connect, VPN and public ones included. They still need a token.</source>
        <translation>Anybody on any network of this machine can try to connect, VPN and public ones included. They still need a token.</translation>
    </message>
    <message>
        <source>Caution: %1 is a public address, open to the Internet.</source>
        <translation>Caution: %1 is a public address, open to the Internet.</translation>
    </message>
    <message>
        <source>What goes over the network, the token included, can be read there.</source>
        <translation>What goes over the network, the token included, can be read there.</translation>
    </message>
    <message>
        <source>Workers fetch sector files from %1.</source>
        <translation>Workers fetch sector files from %1.</translation>
    </message>
    <message>
        <source>The environment of the miner has %1, which comes before the file: this change has no effect until that is taken out.</source>
        <translation>The environment of the miner has %1, which comes before the file: this change has no effect until that is taken out.</translation>
    </message>
    <message>
        <source>The miner was started with --miner-api %1, which comes before the file and keeps it at 127.0.0.1.</source>
        <translation>The miner was started with --miner-api %1, which comes before the file and keeps it at 127.0.0.1.</translation>
    </message>
    <message>
        <source>The miner reads its file once: restart it afterwards.</source>
        <translation>The miner reads its file once: restart it afterwards.</translation>
    </message>
    <message>
        <source>Done. Restart the miner now. The old file is kept: %1</source>
        <translation>Done. Restart the miner now. The old file is kept: %1</translation>
    </message>
    <message>
        <source>The file says so already; nothing has to be changed.</source>
        <translation>The file says so already; nothing has to be changed.</translation>
    </message>
    <message>
        <source>Where the miner listens</source>
        <translation>Where the miner listens</translation>
    </message>
    <message>
        <source>Now: %1</source>
        <translation>Now: %1</translation>
    </message>
    <message>
        <source>Workers on other machines reach the miner only when it listens where they can connect. Its settings are in %1.</source>
        <translation>Workers on other machines reach the miner only when it listens where they can connect. Its settings are in %1.</translation>
    </message>
    <message>
        <source>At &amp;one address (recommended):</source>
        <translation>At &amp;one address (recommended):</translation>
    </message>
    <message>
        <source>Address of this machine</source>
        <translation>Address of this machine</translation>
    </message>
    <message>
        <source>At &amp;all addresses (0.0.0.0)</source>
        <translation>At &amp;all addresses (0.0.0.0)</translation>
    </message>
    <message>
        <source>Only on &amp;this machine (127.0.0.1)</source>
        <translation>Only on &amp;this machine (127.0.0.1)</translation>
    </message>
    <message>
        <source>&amp;Port:</source>
        <translation>&amp;Port:</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>I &amp;know, and want it so</source>
        <translation>I &amp;know, and want it so</translation>
    </message>
    <message>
        <source>What is changed in the &amp;file:</source>
        <translation>What is changed in the &amp;file:</translation>
    </message>
    <message>
        <source>Change of the file</source>
        <translation>Change of the file</translation>
    </message>
    <message>
        <source>&amp;Change the file</source>
        <translation>&amp;Change the file</translation>
    </message>
    <message>
        <source>C&amp;lose</source>
        <translation>C&amp;lose</translation>
    </message>
</context>
<context>
    <name>lsw::gui::MinerPage</name>
    <message>
        <source>Looking for miners on this computer …</source>
        <translation>Looking for miners on this computer …</translation>
    </message>
    <message>
        <source>No miner was found on this computer. Paste the connection of one in the network.</source>
        <translation>No miner was found on this computer. Paste the connection of one in the network.</translation>
    </message>
    <message>
        <source>Your miner</source>
        <translation>Your miner</translation>
    </message>
    <message>
        <source>The worker needs the address of the miner and a token that lets it work there.</source>
        <translation>The worker needs the address of the miner and a token that lets it work there.</translation>
    </message>
    <message>
        <source>A miner on &amp;this computer</source>
        <translation>A miner on &amp;this computer</translation>
    </message>
    <message>
        <source>P&amp;aste the connection of a miner</source>
        <translation>P&amp;aste the connection of a miner</translation>
    </message>
    <message>
        <source>Type address and token by &amp;hand</source>
        <translation>Type address and token by &amp;hand</translation>
    </message>
    <message>
        <source>Look a&amp;gain</source>
        <translation>Look a&amp;gain</translation>
    </message>
    <message>
        <source>Let other machines reach it …</source>
        <translation>Let other machines reach it …</translation>
    </message>
    <message>
        <source>On the machine of the miner, this command prints one line. Paste it whole:</source>
        <translation>On the machine of the miner, this command prints one line. Paste it whole:</translation>
    </message>
    <message>
        <source>&amp;Copy command</source>
        <translation>&amp;Copy command</translation>
    </message>
    <message>
        <source>Connection of the miner</source>
        <translation>Connection of the miner</translation>
    </message>
    <message>
        <source>Add&amp;ress:</source>
        <translation>Add&amp;ress:</translation>
    </message>
    <message>
        <source>Address of the miner</source>
        <translation>Address of the miner</translation>
    </message>
    <message>
        <source>T&amp;oken:</source>
        <translation>T&amp;oken:</translation>
    </message>
    <message>
        <source>Token of the miner</source>
        <translation>Token of the miner</translation>
    </message>
    <message>
        <source>&amp;Show</source>
        <translation>&amp;Show</translation>
    </message>
    <message>
        <source>Show the token</source>
        <translation>Show the token</translation>
    </message>
    <message>
        <source>&amp;Keep the present connection to %1</source>
        <translation>&amp;Keep the present connection to %1</translation>
    </message>
    <message>
        <source>The environment says which miner it is (%1), and comes before what is chosen here.</source>
        <translation>The environment says which miner it is (%1), and comes before what is chosen here.</translation>
    </message>
</context>
<context>
    <name>lsw::gui::OverviewPage</name>
    <message>
        <source>Connected. Waiting for work – the miner has not asked for anything yet.</source>
        <translation>Connected. Waiting for work – the miner has not asked for anything yet.</translation>
    </message>
    <message>
        <source>A new sector is begun on the miner with: lotus-miner sectors pledge</source>
        <translation>A new sector is begun on the miner with: lotus-miner sectors pledge</translation>
    </message>
    <message>
        <source>Nothing runs. Set the worker up or start it with the buttons above, or practise without a miner.</source>
        <translation>Nothing runs. Set the worker up or start it with the buttons above, or practise without a miner.</translation>
    </message>
    <message>
        <source>miner %1 at %2, lotus %3</source>
        <translation>miner %1 at %2, lotus %3</translation>
    </message>
    <message>
        <source>%1 of %2 cores and %3 of %4 memory promised to tasks</source>
        <translation>%1 of %2 cores and %3 of %4 memory promised to tasks</translation>
    </message>
    <message numerus="yes">
        <source>%n task(s) done</source>
        <translation>
            <numerusform>%n task done</numerusform>
            <numerusform>%n tasks done</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
    <message>
        <source>no sealing path: this worker gets no sealing tasks</source>
        <translation>no sealing path: this worker gets no sealing tasks</translation>
    </message>
    <message>
        <source>%1 free for sealing</source>
        <translation>%1 free for sealing</translation>
    </message>
    <message numerus="yes">
        <source>fits %n more sector(s)</source>
        <translation>
            <numerusform>fits %n more sector</numerusform>
            <numerusform>fits %n more sectors</numerusform>
        </translation>
    </message>
    <message>
        <source>Running now</source>
        <translation>Running now</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>Connection</translation>
    </message>
    <message>
        <source>Done next</source>
        <translation>Done next</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Today</translation>
    </message>
    <message>
        <source>Disk</source>
        <translation>Disk</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>Machine</translation>
    </message>
    <message>
        <source>Engine</source>
        <translation>Engine</translation>
    </message>
</context>
<context>
    <name>lsw::gui::ParametersPage</name>
    <message>
        <source>ChainSafe: first choice of today&apos;s lotus</source>
        <translation>ChainSafe: first choice of today&apos;s lotus</translation>
    </message>
    <message>
        <source>ezpdpz: second choice of today&apos;s lotus</source>
        <translation>ezpdpz: second choice of today&apos;s lotus</translation>
    </message>
    <message>
        <source>proofs.filecoin.io: of older lotus, leads to another mirror since 2026</source>
        <translation>proofs.filecoin.io: of older lotus, leads to another mirror since 2026</translation>
    </message>
    <message>
        <source>China mirror (jdcloud): has failed before, probe it</source>
        <translation>China mirror (jdcloud): has failed before, probe it</translation>
    </message>
    <message>
        <source>Folder of the proof parameters</source>
        <translation>Folder of the proof parameters</translation>
    </message>
    <message>
        <source>No proof parameters are needed for this work.</source>
        <translation>No proof parameters are needed for this work.</translation>
    </message>
    <message>
        <source>The disk of this folder cannot be looked at.</source>
        <translation>The disk of this folder cannot be looked at.</translation>
    </message>
    <message>
        <source>They are all there.</source>
        <translation>They are all there.</translation>
    </message>
    <message>
        <source>✗ Too little room: %1 are missing and %2 are free. Choose a folder on another disk.</source>
        <translation>✗ Too little room: %1 are missing and %2 are free. Choose a folder on another disk.</translation>
    </message>
    <message>
        <source>%1 are missing, %2 are free.</source>
        <translation>%1 are missing, %2 are free.</translation>
    </message>
    <message>
        <source>From the environment (IPFS_GATEWAY), before any choice here: %1</source>
        <translation>From the environment (IPFS_GATEWAY), before any choice here: %1</translation>
    </message>
    <message>
        <source>asking …</source>
        <translation>asking …</translation>
    </message>
    <message>
        <source>not probed yet</source>
        <translation>not probed yet</translation>
    </message>
    <message>
        <source>● good</source>
        <translation>● good</translation>
    </message>
    <message>
        <source>○ not usable now</source>
        <translation>○ not usable now</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/s</translation>
    </message>
    <message>
        <source>Proof parameters</source>
        <translation>Proof parameters</translation>
    </message>
    <message>
        <source>Proofs need large files that are the same for everybody. They come from gateways and are checked, whoever gave them.</source>
        <translation>Proofs need large files that are the same for everybody. They come from gateways and are checked, whoever gave them.</translation>
    </message>
    <message>
        <source>&amp;Folder:</source>
        <translation>&amp;Folder:</translation>
    </message>
    <message>
        <source>Br&amp;owse …</source>
        <translation>Br&amp;owse …</translation>
    </message>
    <message>
        <source>&amp;Gateway:</source>
        <translation>&amp;Gateway:</translation>
    </message>
    <message>
        <source>Gateway of the parameters</source>
        <translation>Gateway of the parameters</translation>
    </message>
    <message>
        <source>Automatic: all of them, the fastest first</source>
        <translation>Automatic: all of them, the fastest first</translation>
    </message>
    <message>
        <source>Others, in this order:</source>
        <translation>Others, in this order:</translation>
    </message>
    <message>
        <source>Other gateways</source>
        <translation>Other gateways</translation>
    </message>
    <message>
        <source>&amp;Probe them</source>
        <translation>&amp;Probe them</translation>
    </message>
    <message>
        <source>Gateways</source>
        <translation>Gateways</translation>
    </message>
    <message>
        <source>Gateway</source>
        <translation>Gateway</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Address</translation>
    </message>
    <message>
        <source>State</source>
        <translation>State</translation>
    </message>
    <message>
        <source>For this work and sectors of %1: %2 of parameters. Labelling (PC1) starts without them; proofs wait until they are here.</source>
        <translation>For this work and sectors of %1: %2 of parameters. Labelling (PC1) starts without them; proofs wait until they are here.</translation>
    </message>
    <message>
        <source>Fetch what is &amp;missing in the background, once the worker runs</source>
        <translation>Fetch what is &amp;missing in the background, once the worker runs</translation>
    </message>
</context>
<context>
    <name>lsw::gui::PathsPage</name>
    <message>
        <source>No sealing path: the worker is registered but gets no sealing tasks. Attach a folder on a fast disk.</source>
        <translation>No sealing path: the worker is registered but gets no sealing tasks. Attach a folder on a fast disk.</translation>
    </message>
    <message>
        <source>The storage paths are shown while the worker runs.</source>
        <translation>The storage paths are shown while the worker runs.</translation>
    </message>
    <message>
        <source>sealing storage</source>
        <translation>sealing storage</translation>
    </message>
    <message>
        <source>long-term storage</source>
        <translation>long-term storage</translation>
    </message>
    <message>
        <source>neither for sealing nor for storing</source>
        <translation>neither for sealing nor for storing</translation>
    </message>
    <message>
        <source>weight %1</source>
        <translation>weight %1</translation>
    </message>
    <message>
        <source>%1 used · %2 reserved · %3 free of %4</source>
        <translation>%1 used · %2 reserved · %3 free of %4</translation>
    </message>
    <message numerus="yes">
        <source>fits %n more sector(s)</source>
        <translation>
            <numerusform>fits %n more sector</numerusform>
            <numerusform>fits %n more sectors</numerusform>
        </translation>
    </message>
    <message>
        <source>Tell the miner again</source>
        <translation>Tell the miner again</translation>
    </message>
    <message>
        <source>Tells the miner what lies in this folder now, after files were moved by hand.</source>
        <translation>Tells the miner what lies in this folder now, after files were moved by hand.</translation>
    </message>
    <message>
        <source>Detach …</source>
        <translation>Detach …</translation>
    </message>
    <message>
        <source>Asking the worker …</source>
        <translation>Asking the worker …</translation>
    </message>
    <message>
        <source>Folder for sectors</source>
        <translation>Folder for sectors</translation>
    </message>
    <message>
        <source>Attach a storage path</source>
        <translation>Attach a storage path</translation>
    </message>
    <message>
        <source>What is %1 for?</source>
        <translation>What is %1 for?</translation>
    </message>
    <message>
        <source>Sealing</source>
        <translation>Sealing</translation>
    </message>
    <message>
        <source>Long-term storage</source>
        <translation>Long-term storage</translation>
    </message>
    <message>
        <source>Attached %1.</source>
        <translation>Attached %1.</translation>
    </message>
    <message>
        <source>Detach a storage path</source>
        <translation>Detach a storage path</translation>
    </message>
    <message>
        <source>Detach %1? Its files stay where they are; the miner forgets that they are here, and no task can use them.</source>
        <translation>Detach %1? Its files stay where they are; the miner forgets that they are here, and no task can use them.</translation>
    </message>
    <message>
        <source>Detached %1; its files are where they were.</source>
        <translation>Detached %1; its files are where they were.</translation>
    </message>
    <message>
        <source>The miner knows again what lies in %1.</source>
        <translation>The miner knows again what lies in %1.</translation>
    </message>
    <message>
        <source>&amp;Attach a folder …</source>
        <translation>&amp;Attach a folder …</translation>
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
    <message>
        <source>Also make and verify the final proof (C2)</source>
        <translation>Also make and verify the final proof (C2)</translation>
    </message>
    <message>
        <source>It needs 7 GB of memory, and the first time 15 to 30 minutes for parameters.</source>
        <translation>It needs 7 GB of memory, and the first time 15 to 30 minutes for parameters.</translation>
    </message>
</context>
<context>
    <name>lsw::gui::PurposePage</name>
    <message>
        <source>Language and purpose</source>
        <translation>Language and purpose</translation>
    </message>
    <message>
        <source>Sealing means turning data into sectors of a Filecoin miner: much computing, which this computer can take over.</source>
        <translation>Sealing means turning data into sectors of a Filecoin miner: much computing, which this computer can take over.</translation>
    </message>
    <message>
        <source>&amp;Language:</source>
        <translation>&amp;Language:</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Language</translation>
    </message>
    <message>
        <source>&amp;Work for my miner</source>
        <translation>&amp;Work for my miner</translation>
    </message>
    <message>
        <source>There is a lotus-miner, on this computer or in the same network. This computer shall seal for it.</source>
        <translation>There is a lotus-miner, on this computer or in the same network. This computer shall seal for it.</translation>
    </message>
    <message>
        <source>&amp;Practise here</source>
        <translation>&amp;Practise here</translation>
    </message>
    <message>
        <source>One small sector is sealed end to end with a practice miner: no network, no real miner, a few minutes.</source>
        <translation>One small sector is sealed end to end with a practice miner: no network, no real miner, a few minutes.</translation>
    </message>
    <message>
        <source>&amp;Practise</source>
        <translation>&amp;Practise</translation>
    </message>
</context>
<context>
    <name>lsw::gui::ReadyPage</name>
    <message>
        <source>The settings are written to %1</source>
        <translation>The settings are written to %1</translation>
    </message>
    <message>
        <source>%1 becomes a storage path</source>
        <translation>%1 becomes a storage path</translation>
    </message>
    <message>
        <source>The gateways are chosen for %1</source>
        <translation>The gateways are chosen for %1</translation>
    </message>
    <message>
        <source>Miner: %1</source>
        <translation>Miner: %1</translation>
    </message>
    <message>
        <source>This computer listens on %1</source>
        <translation>This computer listens on %1</translation>
    </message>
    <message>
        <source> and is reached at %1</source>
        <translation> and is reached at %1</translation>
    </message>
    <message>
        <source>Work: %1</source>
        <translation>Work: %1</translation>
    </message>
    <message>
        <source>Sealing in %1</source>
        <translation>Sealing in %1</translation>
    </message>
    <message>
        <source>Long-term storage in %1</source>
        <translation>Long-term storage in %1</translation>
    </message>
    <message>
        <source>Setting up …</source>
        <translation>Setting up …</translation>
    </message>
    <message>
        <source>Everything is as wanted already; nothing has to be changed.</source>
        <translation>Everything is as wanted already; nothing has to be changed.</translation>
    </message>
    <message>
        <source>What will be done:</source>
        <translation>What will be done:</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Ready</translation>
    </message>
    <message>
        <source>Nothing has been changed so far. All of it can be changed later.</source>
        <translation>Nothing has been changed so far. All of it can be changed later.</translation>
    </message>
    <message>
        <source>&amp;Start the worker now</source>
        <translation>&amp;Start the worker now</translation>
    </message>
    <message>
        <source>&amp;Start worker</source>
        <translation>&amp;Start worker</translation>
    </message>
    <message>
        <source>&amp;Save</source>
        <translation>&amp;Save</translation>
    </message>
    <message>
        <source>The connection with its token is kept in the keychain of the system</source>
        <translation>The connection with its token is kept in the keychain of the system</translation>
    </message>
    <message>
        <source>The connection with its token is kept in %1, which only you can read; it is not encrypted</source>
        <translation>The connection with its token is kept in %1, which only you can read; it is not encrypted</translation>
    </message>
    <message>
        <source>The same as a command line:</source>
        <translation>The same as a command line:</translation>
    </message>
    <message>
        <source>The window is started when you log in, by %1</source>
        <translation>The window is started when you log in, by %1</translation>
    </message>
    <message>
        <source>The window is no longer started when you log in: %1 is removed</source>
        <translation>The window is no longer started when you log in: %1 is removed</translation>
    </message>
    <message>
        <source>Start with this &amp;window whenever I log in</source>
        <translation>Start with this &amp;window whenever I log in</translation>
    </message>
    <message>
        <source>For a computer where nobody logs in, a service does it without the window; type this in a terminal:</source>
        <translation>For a computer where nobody logs in, a service does it without the window; type this in a terminal:</translation>
    </message>
</context>
<context>
    <name>lsw::gui::SectorGantt</name>
    <message>
        <source>%1: waited %2, ran %3</source>
        <translation>%1: waited %2, ran %3</translation>
    </message>
    <message>
        <source>Timeline of sector %1</source>
        <translation>Timeline of sector %1</translation>
    </message>
</context>
<context>
    <name>lsw::gui::SectorStrip</name>
    <message>
        <source>Wait</source>
        <translation>Wait</translation>
    </message>
    <message>
        <source>Fin</source>
        <translation>Fin</translation>
    </message>
    <message>
        <source>Stages of sector %1</source>
        <translation>Stages of sector %1</translation>
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
        <source>chain</source>
        <translation>chain</translation>
    </message>
</context>
<context>
    <name>lsw::gui::SetupText</name>
    <message>
        <source>of several lines the one with the connection was taken</source>
        <translation>of several lines the one with the connection was taken</translation>
    </message>
    <message>
        <source>“%1” in front was left out</source>
        <translation>“%1” in front was left out</translation>
    </message>
    <message>
        <source>quotes were left out</source>
        <translation>quotes were left out</translation>
    </message>
    <message>
        <source>full-width characters were replaced (“%1” by “%2”)</source>
        <translation>full-width characters were replaced (“%1” by “%2”)</translation>
    </message>
    <message>
        <source>invisible characters were left out</source>
        <translation>invisible characters were left out</translation>
    </message>
    <message>
        <source>pieces were joined that a line break or spaces had parted</source>
        <translation>pieces were joined that a line break or spaces had parted</translation>
    </message>
    <message>
        <source>token and address were the other way round</source>
        <translation>token and address were the other way round</translation>
    </message>
    <message>
        <source>the address “%1” was written as %2</source>
        <translation>the address “%1” was written as %2</translation>
    </message>
    <message>
        <source>“%1” at the end of the address was left out</source>
        <translation>“%1” at the end of the address was left out</translation>
    </message>
    <message>
        <source>of several addresses the first was taken</source>
        <translation>of several addresses the first was taken</translation>
    </message>
    <message>
        <source>There is no text yet.</source>
        <translation>There is no text yet.</translation>
    </message>
    <message>
        <source>This text is too long for a connection: paste only the line with the token.</source>
        <translation>This text is too long for a connection: paste only the line with the token.</translation>
    </message>
    <message>
        <source>This is the connection of another program (%1); that of the miner is wanted.</source>
        <translation>This is the connection of another program (%1); that of the miner is wanted.</translation>
    </message>
    <message>
        <source>There is neither a token nor an address in this text.</source>
        <translation>There is neither a token nor an address in this text.</translation>
    </message>
    <message>
        <source>The token is missing: it is a long text that begins with eyJ.</source>
        <translation>The token is missing: it is a long text that begins with eyJ.</translation>
    </message>
    <message>
        <source>The address is missing: it looks like /ip4/192.168.1.10/tcp/2345/http.</source>
        <translation>The address is missing: it looks like /ip4/192.168.1.10/tcp/2345/http.</translation>
    </message>
    <message>
        <source>The address %1 has no port; a miner usually has 2345.</source>
        <translation>The address %1 has no port; a miner usually has 2345.</translation>
    </message>
    <message>
        <source>The token is not whole: only %1 characters are there. Copy it again.</source>
        <translation>The token is not whole: only %1 characters are there. Copy it again.</translation>
    </message>
    <message>
        <source>The token is damaged: it cannot be decoded. Copy it again.</source>
        <translation>The token is damaged: it cannot be decoded. Copy it again.</translation>
    </message>
    <message>
        <source>There are several tokens in this text; paste one.</source>
        <translation>There are several tokens in this text; paste one.</translation>
    </message>
    <message>
        <source>The address cannot be used: %1.</source>
        <translation>The address cannot be used: %1.</translation>
    </message>
    <message>
        <source>running at %1</source>
        <translation>running at %1</translation>
    </message>
    <message>
        <source>running</source>
        <translation>running</translation>
    </message>
    <message>
        <source>starting, or another lotus program uses the folder</source>
        <translation>starting, or another lotus program uses the folder</translation>
    </message>
    <message>
        <source>not running</source>
        <translation>not running</translation>
    </message>
    <message>
        <source>not running; it did not end cleanly</source>
        <translation>not running; it did not end cleanly</translation>
    </message>
    <message>
        <source>this user may not look into the folder</source>
        <translation>this user may not look into the folder</translation>
    </message>
    <message>
        <source>no miner&apos;s folder</source>
        <translation>no miner&apos;s folder</translation>
    </message>
    <message>
        <source>not there</source>
        <translation>not there</translation>
    </message>
    <message>
        <source>in a container: paste its connection</source>
        <translation>in a container: paste its connection</translation>
    </message>
    <message>
        <source>its token file is damaged</source>
        <translation>its token file is damaged</translation>
    </message>
    <message>
        <source>its token belongs to user %1</source>
        <translation>its token belongs to user %1</translation>
    </message>
    <message>
        <source>there is no token</source>
        <translation>there is no token</translation>
    </message>
    <message>
        <source>Understood: %1</source>
        <translation>Understood: %1</translation>
    </message>
    <message>
        <source>The token says that it allows: %1</source>
        <translation>The token says that it allows: %1</translation>
    </message>
    <message>
        <source>good</source>
        <translation>good</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>warning</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>failed</translation>
    </message>
    <message>
        <source>not run</source>
        <translation>not run</translation>
    </message>
    <message>
        <source>All sealing tasks</source>
        <translation>All sealing tasks</translation>
    </message>
    <message>
        <source>PC1 box</source>
        <translation>PC1 box</translation>
    </message>
    <message>
        <source>PC2 and C2 box</source>
        <translation>PC2 and C2 box</translation>
    </message>
    <message>
        <source>WindowPoSt</source>
        <translation>WindowPoSt</translation>
    </message>
    <message>
        <source>WinningPoSt</source>
        <translation>WinningPoSt</translation>
    </message>
    <message>
        <source>Beside other work</source>
        <translation>Beside other work</translation>
    </message>
    <message>
        <source>Everything from adding pieces to the proofs, one machine alone.</source>
        <translation>Everything from adding pieces to the proofs, one machine alone.</translation>
    </message>
    <message>
        <source>Adds pieces, labels and unseals: many cores, much memory and a fast disk. Needs no parameters.</source>
        <translation>Adds pieces, labels and unseals: many cores, much memory and a fast disk. Needs no parameters.</translation>
    </message>
    <message>
        <source>Builds trees, proves, and updates sectors.</source>
        <translation>Builds trees, proves, and updates sectors.</translation>
    </message>
    <message>
        <source>Proves the storage of each deadline and does nothing else. A miss costs money: only for a machine that always runs.</source>
        <translation>Proves the storage of each deadline and does nothing else. A miss costs money: only for a machine that always runs.</translation>
    </message>
    <message>
        <source>Proves for blocks that are won and does nothing else; a proof takes seconds and may not be late.</source>
        <translation>Proves for blocks that are won and does nothing else; a proof takes seconds and may not be late.</translation>
    </message>
    <message>
        <source>All sealing tasks, one at a time, on a computer that has other work.</source>
        <translation>All sealing tasks, one at a time, on a computer that has other work.</translation>
    </message>
    <message>
        <source>local network</source>
        <translation>local network</translation>
    </message>
    <message>
        <source>public</source>
        <translation>public</translation>
    </message>
    <message>
        <source>VPN</source>
        <translation>VPN</translation>
    </message>
    <message>
        <source>containers</source>
        <translation>containers</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>this computer</translation>
    </message>
    <message>
        <source>As it is set now</source>
        <translation>As it is set now</translation>
    </message>
    <message>
        <source>In the miner&apos;s config.toml (usually ~/.lotusminer/config.toml), below [API]:</source>
        <translation>In the miner&apos;s config.toml (usually ~/.lotusminer/config.toml), below [API]:</translation>
    </message>
    <message>
        <source>Then start the miner again:</source>
        <translation>Then start the miner again:</translation>
    </message>
    <message>
        <source>To type or to write:</source>
        <translation>To type or to write:</translation>
    </message>
    <message>
        <source>Or for a token alone, without the address:</source>
        <translation>Or for a token alone, without the address:</translation>
    </message>
    <message>
        <source>local and remote %1</source>
        <translation>local and remote %1</translation>
    </message>
    <message>
        <source>Local %1, Remote %2</source>
        <translation>Local %1, Remote %2</translation>
    </message>
    <message>
        <source>The miner counts one remote worker more now.</source>
        <translation>The miner counts one remote worker more now.</translation>
    </message>
    <message>
        <source>The miner counts this worker.</source>
        <translation>The miner counts this worker.</translation>
    </message>
    <message>
        <source>Worker use: %1; before: %2.</source>
        <translation>Worker use: %1; before: %2.</translation>
    </message>
    <message>
        <source>Worker use: %1.</source>
        <translation>Worker use: %1.</translation>
    </message>
    <message>
        <source>The miner does not count this worker: %1</source>
        <translation>The miner does not count this worker: %1</translation>
    </message>
    <message>
        <source>The worker has not come up, so the miner does not count it.</source>
        <translation>The worker has not come up, so the miner does not count it.</translation>
    </message>
    <message>
        <source>The worker runs, and the miner does not count it yet. “Check the connection” shows what each of them says; the log of the miner says why it refuses.</source>
        <translation>The worker runs, and the miner does not count it yet. “Check the connection” shows what each of them says; the log of the miner says why it refuses.</translation>
    </message>
</context>
<context>
    <name>lsw::gui::SetupWizard</name>
    <message>
        <source>Set up this worker</source>
        <translation>Set up this worker</translation>
    </message>
    <message>
        <source>&amp;Back</source>
        <translation>&amp;Back</translation>
    </message>
    <message>
        <source>&amp;Next</source>
        <translation>&amp;Next</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancel</translation>
    </message>
</context>
<context>
    <name>lsw::gui::StoragePage</name>
    <message>
        <source>Folder for sealing</source>
        <translation>Folder for sealing</translation>
    </message>
    <message>
        <source>Folder for long-term storage</source>
        <translation>Folder for long-term storage</translation>
    </message>
    <message>
        <source>its disk cannot be looked at</source>
        <translation>its disk cannot be looked at</translation>
    </message>
    <message>
        <source>this user may not write there</source>
        <translation>this user may not write there</translation>
    </message>
    <message>
        <source>it is the folder of another lotus program</source>
        <translation>it is the folder of another lotus program</translation>
    </message>
    <message>
        <source>sealing</source>
        <translation>sealing</translation>
    </message>
    <message>
        <source>long-term storage</source>
        <translation>long-term storage</translation>
    </message>
    <message>
        <source>%1 of %2 free</source>
        <translation>%1 of %2 free</translation>
    </message>
    <message>
        <source>Storage</source>
        <translation>Storage</translation>
    </message>
    <message>
        <source>Where sectors are sealed: a fast disk. A second folder may keep sealed sectors for long.</source>
        <translation>Where sectors are sealed: a fast disk. A second folder may keep sealed sectors for long.</translation>
    </message>
    <message>
        <source>Folders for sectors</source>
        <translation>Folders for sectors</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Folder</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Use</translation>
    </message>
    <message>
        <source>Room</source>
        <translation>Room</translation>
    </message>
    <message>
        <source>Add a folder for &amp;sealing …</source>
        <translation>Add a folder for &amp;sealing …</translation>
    </message>
    <message>
        <source>Add one for &amp;long-term storage …</source>
        <translation>Add one for &amp;long-term storage …</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>&amp;Remove</translation>
    </message>
    <message>
        <source>too little for one sector of %1</source>
        <translation>too little for one sector of %1</translation>
    </message>
    <message numerus="yes">
        <source>enough for %n sector(s) of %1 at once</source>
        <translation>
            <numerusform>enough for %n sector of %1 at once</numerusform>
            <numerusform>enough for %n sectors of %1 at once</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>enough for %n sealed sector(s) of %1</source>
        <translation>
            <numerusform>enough for %n sealed sector of %1</numerusform>
            <numerusform>enough for %n sealed sectors of %1</numerusform>
        </translation>
    </message>
    <message>
        <source>A sector of %1 takes about %2 while it is sealed: its data, the replica, and layers of labels with their trees; about %1 stay.</source>
        <translation>A sector of %1 takes about %2 while it is sealed: its data, the replica, and layers of labels with their trees; about %1 stay.</translation>
    </message>
    <message>
        <source>The worker uses it: detach it on the command line (storage detach).</source>
        <translation>The worker uses it: detach it on the command line (storage detach).</translation>
    </message>
    <message>
        <source>sealing and long-term storage</source>
        <translation>sealing and long-term storage</translation>
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
    <message>
        <source>Remaining</source>
        <translation>Remaining</translation>
    </message>
    <message>
        <source>Finish at</source>
        <translation>Finish at</translation>
    </message>
</context>
<context>
    <name>lsw::gui::TasksPage</name>
    <message>
        <source>No tasks are running: the miner has not asked for anything.</source>
        <translation>No tasks are running: the miner has not asked for anything.</translation>
    </message>
    <message>
        <source>A new sector is begun on the miner with: lotus-miner sectors pledge</source>
        <translation>A new sector is begun on the miner with: lotus-miner sectors pledge</translation>
    </message>
    <message>
        <source>No tasks are running.</source>
        <translation>No tasks are running.</translation>
    </message>
    <message>
        <source>Sector %1</source>
        <translation>Sector %1</translation>
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
        <source>Finished tasks appear here.</source>
        <translation>Finished tasks appear here.</translation>
    </message>
</context>
<context>
    <name>lsw::gui::WindowSession</name>
    <message>
        <source>Waiting until the miner counts this worker …</source>
        <translation>Waiting until the miner counts this worker …</translation>
    </message>
</context>
<context>
    <name>lsw::gui::WorkPage</name>
    <message>
        <source>No proof parameters are needed.</source>
        <translation>No proof parameters are needed.</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Work</translation>
    </message>
    <message>
        <source>Which tasks of sealing this computer takes. It can be changed at any time.</source>
        <translation>Which tasks of sealing this computer takes. It can be changed at any time.</translation>
    </message>
    <message>
        <source>Needs proof parameters, %1 for sectors of %2. They are fetched later, once.</source>
        <translation>Needs proof parameters, %1 for sectors of %2. They are fetched later, once.</translation>
    </message>
    <message>
        <source>PreCommit &amp;1 at once:</source>
        <translation>PreCommit &amp;1 at once:</translation>
    </message>
    <message>
        <source>PreCommit &amp;2 at once:</source>
        <translation>PreCommit &amp;2 at once:</translation>
    </message>
    <message>
        <source>&amp;Commit 2 at once:</source>
        <translation>&amp;Commit 2 at once:</translation>
    </message>
    <message>
        <source>&amp;Gives way to other programs (nice):</source>
        <translation>&amp;Gives way to other programs (nice):</translation>
    </message>
    <message>
        <source>What these choices mean as a command line:</source>
        <translation>What these choices mean as a command line:</translation>
    </message>
    <message>
        <source>Tasks and limits stay as the settings name them one by one.</source>
        <translation>Tasks and limits stay as the settings name them one by one.</translation>
    </message>
    <message>
        <source>as memory allows</source>
        <translation>as memory allows</translation>
    </message>
    <message>
        <source>0: not at all; 19: only what the others leave</source>
        <translation>0: not at all; 19: only what the others leave</translation>
    </message>
</context>
</TS>
