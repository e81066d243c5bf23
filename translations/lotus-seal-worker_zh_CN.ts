<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>ViewText</name>
    <message>
        <source>Not started</source>
        <translation>未启动</translation>
    </message>
    <message>
        <source>Connecting</source>
        <translation>正在连接</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>Incompatible</source>
        <translation>版本不兼容</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Finishing</source>
        <translation>正在收尾</translation>
    </message>
    <message numerus="yes">
        <source>Finishing: %n task(s) running, then the worker stops.</source>
        <translation>
            <numerusform>正在收尾：%n 个任务正在运行，完成后工作节点停止。</numerusform>
        </translation>
    </message>
    <message>
        <source>Paused: no task begins until the worker is resumed; running tasks go on.</source>
        <translation>已暂停：恢复之前不会开始新任务，正在运行的任务继续。</translation>
    </message>
    <message numerus="yes">
        <source>Draining: no new tasks are taken; %n task(s) left, then the worker stops.</source>
        <translation>
            <numerusform>正在收尾：不接受新任务；剩余 %n 个任务，完成后工作节点停止。</numerusform>
        </translation>
    </message>
    <message>
        <source>waiting: the worker begins no tasks</source>
        <translation>等待：工作节点暂不开始任务</translation>
    </message>
    <message>
        <source>waiting for an earlier task of the sector</source>
        <translation>等待同一扇区的前一个任务</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>Working</source>
        <translation>正在封装</translation>
    </message>
    <message>
        <source>Disconnected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>正在停止</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>The worker is not started.</source>
        <translation>工作节点尚未启动。</translation>
    </message>
    <message>
        <source>Connecting to the miner at %1.</source>
        <translation>正在连接矿工节点 %1。</translation>
    </message>
    <message>
        <source>The miner at %1 answers; registering with it.</source>
        <translation>矿工节点 %1 已应答，正在注册。</translation>
    </message>
    <message>
        <source>The miner at %1 refused the token; new tasks cannot start.</source>
        <translation>矿工节点 %1 拒绝了令牌，无法开始新任务。</translation>
    </message>
    <message>
        <source>The miner at %1 speaks another version.</source>
        <translation>矿工节点 %1 使用的协议版本不同。</translation>
    </message>
    <message>
        <source>The miner at %1 does not answer. Running tasks go on.</source>
        <translation>矿工节点 %1 没有应答。正在运行的任务会继续。</translation>
    </message>
    <message numerus="yes">
        <source>%n finished result(s) wait to be delivered.</source>
        <translation>
            <numerusform>%n 个已完成的结果等待提交。</numerusform>
        </translation>
    </message>
    <message>
        <source>Connected to miner %1; new tasks are refused until it is enabled again.</source>
        <translation>已连接矿工号 %1；重新启用之前不接受新任务。</translation>
    </message>
    <message>
        <source>Connected to miner %1. It has not asked for anything yet.</source>
        <translation>已连接矿工号 %1，它还没有分配任务。</translation>
    </message>
    <message>
        <source>Connected to miner %1.</source>
        <translation>已连接矿工号 %1。</translation>
    </message>
    <message numerus="yes">
        <source>%n task(s) running,</source>
        <translation>
            <numerusform>%n 个任务正在运行，</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting.</source>
        <translation>
            <numerusform>%n 个等待。</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopping: the running tasks are being ended, finished results delivered.</source>
        <translation>正在停止：结束运行中的任务，并提交已完成的结果。</translation>
    </message>
    <message>
        <source>The worker is stopped.</source>
        <translation>工作节点已停止。</translation>
    </message>
    <message>
        <source>Something that was entered cannot be used.</source>
        <translation>输入的内容无法使用。</translation>
    </message>
    <message>
        <source>Something that is needed is not there.</source>
        <translation>缺少所需的内容。</translation>
    </message>
    <message>
        <source>Something is in the way: another program uses the port, or a file exists already.</source>
        <translation>有冲突：端口被其他程序占用，或文件已存在。</translation>
    </message>
    <message>
        <source>Access was refused: check the token, or who owns the folder.</source>
        <translation>访问被拒绝：请检查令牌，或文件夹的所有者。</translation>
    </message>
    <message>
        <source>This is not supported here.</source>
        <translation>此处不支持该功能。</translation>
    </message>
    <message>
        <source>Something required is not installed, or there is not enough memory for it.</source>
        <translation>缺少必需的组件，或内存不足。</translation>
    </message>
    <message>
        <source>No miner was found on this computer. Try the practice mode, or say where the miner is with MINER_API_INFO or LOTUS_MINER_PATH.</source>
        <translation>在这台电脑上没有找到矿工节点。可以先试试练习模式，或用 MINER_API_INFO 或 LOTUS_MINER_PATH 指明矿工节点的位置。</translation>
    </message>
    <message>
        <source>The worker is not running.</source>
        <translation>工作节点没有运行。</translation>
    </message>
    <message>
        <source>The miner cannot be reached: is it running?</source>
        <translation>无法连接矿工节点：它在运行吗？</translation>
    </message>
    <message>
        <source>The miner speaks another version of the protocol; one of the two must be upgraded.</source>
        <translation>矿工节点的协议版本不同，双方之一需要升级。</translation>
    </message>
    <message>
        <source>The disk is full.</source>
        <translation>磁盘已满。</translation>
    </message>
    <message>
        <source>A storage folder cannot be used: not writable, or another worker has it.</source>
        <translation>存储文件夹无法使用：不可写，或正被另一个工作节点使用。</translation>
    </message>
    <message>
        <source>A check of a computed value failed.</source>
        <translation>对计算结果的检查未通过。</translation>
    </message>
    <message>
        <source>Stopped on request.</source>
        <translation>已按要求停止。</translation>
    </message>
    <message>
        <source>No answer came in time.</source>
        <translation>等待应答超时。</translation>
    </message>
    <message>
        <source>Reading or writing failed.</source>
        <translation>读写失败。</translation>
    </message>
    <message>
        <source>A file or message contradicts its format.</source>
        <translation>文件或消息的格式有误。</translation>
    </message>
    <message>
        <source>The program that computes has ended unexpectedly; often memory ran out.</source>
        <translation>计算程序意外结束，通常是内存不足。</translation>
    </message>
    <message>
        <source>The other side answered with an error.</source>
        <translation>对方返回了错误。</translation>
    </message>
    <message>
        <source>This is a defect of this program; please report it.</source>
        <translation>这是本程序的缺陷，请反馈给我们。</translation>
    </message>
    <message numerus="yes">
        <source>%n sector(s) of %1</source>
        <translation>
            <numerusform>%1 的 %n 个扇区</numerusform>
        </translation>
    </message>
    <message>
        <source>AddPiece (AP)</source>
        <translation>添加数据（AddPiece，AP）</translation>
    </message>
    <message>
        <source>PreCommit 1 (PC1)</source>
        <translation>预提交 1（PC1）</translation>
    </message>
    <message>
        <source>PreCommit 2 (PC2)</source>
        <translation>预提交 2（PC2）</translation>
    </message>
    <message>
        <source>Commit 1 (C1)</source>
        <translation>提交 1（C1）</translation>
    </message>
    <message>
        <source>Commit 2 (C2)</source>
        <translation>提交 2（C2）</translation>
    </message>
    <message>
        <source>Finalize (FIN)</source>
        <translation>收尾整理（FIN）</translation>
    </message>
    <message>
        <source>Fetch (GET)</source>
        <translation>拉取（GET）</translation>
    </message>
    <message>
        <source>Unseal (UNS)</source>
        <translation>解封（UNS）</translation>
    </message>
    <message>
        <source>Window PoSt (WDP)</source>
        <translation>窗口时空证明（Window PoSt，WDP）</translation>
    </message>
    <message>
        <source>Winning PoSt (WNP)</source>
        <translation>出块时空证明（Winning PoSt，WNP）</translation>
    </message>
    <message>
        <source>waiting for memory</source>
        <translation>等待内存</translation>
    </message>
    <message>
        <source>waiting for processor cores</source>
        <translation>等待处理器核心</translation>
    </message>
    <message>
        <source>waiting for the GPU</source>
        <translation>等待显卡</translation>
    </message>
    <message>
        <source>waiting for proof parameters</source>
        <translation>等待证明参数</translation>
    </message>
    <message>
        <source>waiting a moment for other sectors to label together with</source>
        <translation>稍候，等待可一起计算的其他扇区</translation>
    </message>
    <message>
        <source>waiting for a free slot</source>
        <translation>等待空闲并发位</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>finished; result not delivered yet</source>
        <translation>已完成，结果待提交</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 m %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 h %2 m</source>
        <translation>%1 小时 %2 分</translation>
    </message>
    <message>
        <source>layer %1 of %2, %3 sectors at once</source>
        <translation>第 %1/%2 层，%3 个扇区同时计算</translation>
    </message>
    <message>
        <source>waiting for other sectors of its batch</source>
        <translation>等待同批的其他扇区</translation>
    </message>
    <message>
        <source>layer %1 of %2</source>
        <translation>第 %1/%2 层</translation>
    </message>
    <message>
        <source>check %1 of %2</source>
        <translation>第 %1/%2 次检查</translation>
    </message>
    <message>
        <source>tree C</source>
        <translation>C 树</translation>
    </message>
    <message>
        <source>tree R</source>
        <translation>R 树</translation>
    </message>
    <message>
        <source>labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>making the parent cache</source>
        <translation>生成父节点缓存</translation>
    </message>
    <message>
        <source>waiting for the parent cache</source>
        <translation>等待父节点缓存</translation>
    </message>
    <message>
        <source>checking the parent cache</source>
        <translation>校验父节点缓存</translation>
    </message>
    <message>
        <source>generating the proof parameters: 15 to 30 minutes on two cores and 5.2 GB of memory, once</source>
        <translation>生成证明参数：双核机器约需 15 至 30 分钟和 5.2 GB 内存，只需一次</translation>
    </message>
    <message>
        <source>trees %1 of %2</source>
        <translation>第 %1/%2 组树</translation>
    </message>
    <message>
        <source>attempt %1 of %2 follows</source>
        <translation>即将进行第 %1/%2 次尝试</translation>
    </message>
    <message>
        <source>copying</source>
        <translation>复制数据</translation>
    </message>
    <message>
        <source>tree D</source>
        <translation>D 树</translation>
    </message>
    <message>
        <source>trees C and R</source>
        <translation>C 树和 R 树</translation>
    </message>
    <message>
        <source>decoding</source>
        <translation>解码</translation>
    </message>
    <message>
        <source>writing</source>
        <translation>写入</translation>
    </message>
    <message>
        <source>encoding</source>
        <translation>编码</translation>
    </message>
    <message>
        <source>taking the data out</source>
        <translation>移除数据</translation>
    </message>
    <message>
        <source>decoding the update</source>
        <translation>解码更新</translation>
    </message>
    <message>
        <source>checking what was decoded</source>
        <translation>核对解码结果</translation>
    </message>
    <message>
        <source>reading challenges</source>
        <translation>读取挑战数据</translation>
    </message>
    <message>
        <source>external command</source>
        <translation>外部命令</translation>
    </message>
</context>
<context>
    <name>lsw::gui::MainWindow</name>
    <message>
        <source>Lotus Seal Worker</source>
        <translation>Lotus 封装工作节点</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>S&amp;top</source>
        <translation>停止(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Start worker</source>
        <translation>启动工作节点(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Tasks</source>
        <translation>任务(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Practice</source>
        <translation>练习(&amp;P)</translation>
    </message>
    <message>
        <source>Running and waiting</source>
        <translation>运行与等待中</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>No tasks are running: the miner has not asked for anything.</source>
        <translation>没有运行中的任务：矿工节点还没有分配任务。</translation>
    </message>
    <message>
        <source>Finished tasks appear here.</source>
        <translation>完成的任务会显示在这里。</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>No tasks are running.</source>
        <translation>没有运行中的任务。</translation>
    </message>
    <message>
        <source>Practise &amp;here</source>
        <translation>在此练习(&amp;H)</translation>
    </message>
</context>
<context>
    <name>lsw::gui::PracticePanel</name>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>AddPiece (AP)</source>
        <translation>添加数据（AddPiece，AP）</translation>
    </message>
    <message>
        <source>PreCommit 1 (PC1)</source>
        <translation>预提交 1（PC1）</translation>
    </message>
    <message>
        <source>PreCommit 2 (PC2)</source>
        <translation>预提交 2（PC2）</translation>
    </message>
    <message>
        <source>Wait for the seed (WaitSeed)</source>
        <translation>等待随机种子（WaitSeed）</translation>
    </message>
    <message>
        <source>Commit 1 (C1)</source>
        <translation>提交 1（C1）</translation>
    </message>
    <message>
        <source>Commit 2 (C2)</source>
        <translation>提交 2（C2）</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Finalize</source>
        <translation>收尾整理（Finalize）</translation>
    </message>
    <message>
        <source>Move to long-term storage</source>
        <translation>转存到长期存储</translation>
    </message>
    <message>
        <source>Unseal</source>
        <translation>解封（unseal）</translation>
    </message>
    <message>
        <source>Read back</source>
        <translation>读回</translation>
    </message>
    <message>
        <source>Proof parameters</source>
        <translation>证明参数</translation>
    </message>
    <message>
        <source>A practice miner listens on this computer alone; a real worker, a second process, has registered with it.</source>
        <translation>练习用的矿工节点只在本机监听；一个真正的工作节点（另一个进程）已向它注册。</translation>
    </message>
    <message>
        <source>The data were pushed to the worker, padded and written into the unsealed sector file.</source>
        <translation>数据已推送给工作节点，填充后写入未封装的扇区文件。</translation>
    </message>
    <message>
        <source>Every 32 bytes of the sector got a label that depends on many others, layer after layer. This is the slow phase.</source>
        <translation>扇区的每 32 字节都得到一个依赖许多其他标签的标签，逐层计算。这是最慢的阶段。</translation>
    </message>
    <message>
        <source>Trees were built over the labels; their root, CommR, is what the miner puts on the chain.</source>
        <translation>在标签之上建好了树；树根 CommR 由矿工节点上链。</translation>
    </message>
    <message>
        <source>A real miner now waits about 75 minutes for randomness from the chain; practice draws it at once.</source>
        <translation>真实的矿工节点此时要等待约 75 分钟的链上随机数；练习模式立即生成。</translation>
    </message>
    <message>
        <source>The places that the seed asks for were opened and checked.</source>
        <translation>随机种子所指的位置已打开并检查。</translation>
    </message>
    <message>
        <source>The openings were turned into a short proof that the chain can verify.</source>
        <translation>打开的内容已变成链上可以验证的简短证明。</translation>
    </message>
    <message>
        <source>The official verifier was asked whether the proof holds.</source>
        <translation>已请官方验证程序检查该证明是否成立。</translation>
    </message>
    <message>
        <source>The labels are no longer needed and were removed.</source>
        <translation>标签不再需要，已删除。</translation>
    </message>
    <message>
        <source>The sealed sector went to long-term storage.</source>
        <translation>已封装的扇区转存到了长期存储。</translation>
    </message>
    <message>
        <source>The data were computed back from the sealed sector.</source>
        <translation>已从封装的扇区还原出数据。</translation>
    </message>
    <message>
        <source>The data were read back through the worker&apos;s port and compared with what went in.</source>
        <translation>已通过工作节点的端口读回数据，并与原始数据比较。</translation>
    </message>
    <message>
        <source>The parameters of practice proofs were generated; they are kept in a folder that no real network reads.</source>
        <translation>练习用的证明参数已生成，保存在真实网络不会读取的文件夹中。</translation>
    </message>
    <message>
        <source>File to seal</source>
        <translation>要封装的文件</translation>
    </message>
    <message>
        <source>Done: the sector is sealed, and what was read back equals what went in.</source>
        <translation>完成：扇区已封装，读回的数据与原始数据一致。</translation>
    </message>
    <message>
        <source>Seal one small sector end to end on this computer: with a practice miner, without a network, and without touching any real miner.</source>
        <translation>在这台电脑上完整封装一个小扇区：使用练习用的矿工节点，不需要网络，也不会触及任何真实的矿工节点。</translation>
    </message>
    <message>
        <source>What to seal</source>
        <translation>封装内容</translation>
    </message>
    <message>
        <source>Sector &amp;size:</source>
        <translation>扇区大小(&amp;S)：</translation>
    </message>
    <message>
        <source>&amp;File:</source>
        <translation>文件(&amp;F)：</translation>
    </message>
    <message>
        <source>Empty: random bytes</source>
        <translation>留空：随机数据</translation>
    </message>
    <message>
        <source>&amp;Browse…</source>
        <translation>浏览(&amp;B)…</translation>
    </message>
    <message>
        <source>Also make and verify the final proof (C2); needs 7 GB of memory, and the first time 15 to 30 minutes for parameters</source>
        <translation>同时生成并验证最终证明（C2）；需要 7 GB 内存，首次需要 15 至 30 分钟生成参数</translation>
    </message>
    <message>
        <source>&amp;Cancel</source>
        <translation>取消(&amp;C)</translation>
    </message>
    <message>
        <source>Phases of the practice run</source>
        <translation>练习的各个阶段</translation>
    </message>
    <message>
        <source>Progress of the phase</source>
        <translation>当前阶段的进度</translation>
    </message>
    <message>
        <source>Sector size</source>
        <translation>扇区大小</translation>
    </message>
    <message>
        <source>Start practi&amp;ce</source>
        <translation>开始练习(&amp;C)</translation>
    </message>
</context>
<context>
    <name>lsw::gui::TaskTableModel</name>
    <message>
        <source>Sector</source>
        <translation>扇区</translation>
    </message>
    <message>
        <source>Task</source>
        <translation>任务</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Elapsed</source>
        <translation>已用时</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
</context>
</TS>
