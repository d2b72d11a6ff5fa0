//! What there is besides the layers and functions of the language, as data: the reference page and the coverage test read it.

/// A loss, an optimiser, a schedule, an initialisation or a utility.
#[derive(Clone, Copy, Debug)]
pub struct Listed {
    /// PyTorch's name, without the `_` of what works in place.
    pub name: &'static str,
    /// One line for the reference.
    pub doc: &'static str,
    /// What it takes: shapes of a sample for a loss, nothing elsewhere.
    pub shape: &'static str,
    /// Code that runs, with what `nn::prelude` and its own module export, and a network type `Net` of shape `[2] -> [2]`.
    pub example: &'static str,
}

const fn loss(name: &'static str, doc: &'static str, shape: &'static str, example: &'static str) -> Listed {
    Listed { name, doc, shape, example }
}

const fn listed(name: &'static str, doc: &'static str, example: &'static str) -> Listed {
    Listed { name, doc, shape: "", example }
}

const SAME: &str = "output and target of one shape";

/// The losses of torch.nn.
pub const LOSSES: &[Listed] = &[
    loss(
        "L1Loss",
        "the mean of |x - t|",
        SAME,
        "let loss: f32 = L1Loss::new().value(&[Tensor1([1.0, 2.0])], &[Tensor1([0.0, 2.0])]);\nassert_eq!(loss, 0.5);",
    ),
    loss(
        "MSELoss",
        "the mean of (x - t)²",
        SAME,
        "let loss: f32 = MSELoss::new().value(&[Tensor1([1.0, 2.0])], &[Tensor1([0.0, 4.0])]);\nassert_eq!(loss, 2.5);",
    ),
    loss(
        "CrossEntropyLoss",
        "-log softmax(x)[class], or the cross entropy with probabilities",
        "output [C] or [C, L..]; classes as integers () or [L..], or probabilities of the output's shape",
        "let loss: f32 = CrossEntropyLoss::new().label_smoothing(0.1).value(&[Tensor1([2.0, -1.0, 0.5])], &[0u32]);\nassert!((loss - 0.391).abs() < 1e-3);",
    ),
    loss(
        "NLLLoss",
        "-x[class], x being logarithms of probabilities",
        "output [C] or [C, L..]; classes as integers () or [L..]",
        "let loss: f32 = NLLLoss::new().value(&[Tensor1([-0.5, -2.0])], &[1u32]);\nassert_eq!(loss, 2.0);",
    ),
    loss(
        "CTCLoss",
        "-log of the probability that a sequence of outputs spells the target, blanks and repetitions left out",
        "logarithms of probabilities [T, C], classes [S], and how many of both count; `forward(&log_probs, &target, &input_lengths, &target_lengths, &mut gradient, &mut workspace)`",
        "let log_probs = [Tensor2([[0.5f32.ln(); 2]; 2])];\nlet (mut gradient, mut workspace) = (log_probs, CTCWorkspace::new());\nlet loss = CTCLoss::new().forward(&log_probs, &[Tensor1([1u32])], &[2], &[1], &mut gradient, &mut workspace);\nassert!((loss + 0.75f32.ln()).abs() < 1e-6);",
    ),
    loss(
        "BCELoss",
        "the mean of -(t log(x) + (1 - t) log(1 - x)), x being probabilities",
        SAME,
        "let loss: f32 = BCELoss::new().value(&[Tensor1([0.5, 0.5])], &[Tensor1([1.0, 0.0])]);\nassert!((loss - 2f32.ln()).abs() < 1e-6);",
    ),
    loss(
        "BCEWithLogitsLoss",
        "BCELoss behind a Sigmoid, computed together",
        SAME,
        "let loss: f32 = BCEWithLogitsLoss::new().pos_weight([3.0, 1.0]).value(&[Tensor1([0.0; 2])], &[Tensor1([1.0, 0.0])]);\nassert!((loss - 2.0 * 2f32.ln()).abs() < 1e-6);",
    ),
    loss(
        "KLDivLoss",
        "the mean of t (log(t) - x), x being logarithms of probabilities; the divergence itself with batchmean",
        SAME,
        "let (x, t) = ([Tensor1([0.5f32.ln(); 2])], [Tensor1([1.0, 0.0])]);\nassert!((KLDivLoss::new().batchmean(true).value(&x, &t) - 2f32.ln()).abs() < 1e-6);",
    ),
    loss(
        "SmoothL1Loss",
        "the mean of (x - t)² / (2 beta) near 0, of |x - t| - beta / 2 elsewhere",
        SAME,
        "let loss: f32 = SmoothL1Loss::new().value(&[Tensor1([0.5, 3.0])], &[Tensor1([0.0, 0.0])]);\nassert_eq!(loss, (0.125 + 2.5) / 2.0);",
    ),
    loss(
        "HuberLoss",
        "the mean of (x - t)² / 2 near 0, of delta (|x - t| - delta / 2) elsewhere",
        SAME,
        "let loss: f32 = HuberLoss::new().delta(2.0).value(&[Tensor1([1.0, 4.0])], &[Tensor1([0.0, 0.0])]);\nassert_eq!(loss, (0.5 + 6.0) / 2.0);",
    ),
    loss(
        "PoissonNLLLoss",
        "the mean of exp(x) - t x, for counts t",
        SAME,
        "let loss: f32 = PoissonNLLLoss::new().value(&[Tensor1([0.0])], &[Tensor1([2.0])]);\nassert_eq!(loss, 1.0);",
    ),
    loss(
        "GaussianNLLLoss",
        "the mean of (log(v) + (x - t)² / v) / 2, for variances v",
        "output and target of one shape; variances of that shape, one for each row, or one number; `forward(&output, &target, &var, &mut gradient, &mut var_gradient)`",
        "let loss: f32 = GaussianNLLLoss::new().value(&[Tensor1([3.0])], &[Tensor1([1.0])], &[Tensor1([1.0])]);\nassert_eq!(loss, 2.0);",
    ),
    loss(
        "HingeEmbeddingLoss",
        "the mean of x where t is 1, of max(0, margin - x) where it is -1",
        SAME,
        "let loss: f32 = HingeEmbeddingLoss::new().value(&[Tensor1([0.5, 0.25])], &[Tensor1([1.0, -1.0])]);\nassert_eq!(loss, (0.5 + 0.75) / 2.0);",
    ),
    loss(
        "SoftMarginLoss",
        "the mean of log(1 + exp(-t x)), t being 1 or -1",
        SAME,
        "let loss: f32 = SoftMarginLoss::new().value(&[Tensor1([0.0])], &[Tensor1([-1.0])]);\nassert!((loss - 2f32.ln()).abs() < 1e-6);",
    ),
    loss(
        "MarginRankingLoss",
        "the mean of max(0, -t (x1 - x2) + margin), t being 1 or -1",
        "two inputs and a target of one shape; `forward(&input1, &input2, &target, &mut gradient1, &mut gradient2)`",
        "let (a, b, t) = ([Tensor1([2.0])], [Tensor1([1.0])], [Tensor1([-1.0])]);\nassert_eq!(MarginRankingLoss::new().value(&a, &b, &t), 1.0f32);",
    ),
    loss(
        "CosineEmbeddingLoss",
        "1 - cos(x1, x2) where t is 1, max(0, cos(x1, x2) - margin) where it is -1",
        "two inputs [n], and a number for each sample; `forward(&input1, &input2, &target, &mut gradient1, &mut gradient2)`",
        "let loss: f32 = CosineEmbeddingLoss::new().value(&[Tensor1([1.0, 0.0])], &[Tensor1([0.0, 2.0])], &[1.0]);\nassert_eq!(loss, 1.0);",
    ),
    loss(
        "TripletMarginLoss",
        "max(0, margin + d(anchor, positive) - d(anchor, negative)), d being a p-norm",
        "three inputs [n]; `forward` takes the three gradients behind them as an array",
        "let (a, p, n) = ([Tensor1([0.0, 0.0])], [Tensor1([0.0, 1.0])], [Tensor1([3.0, 4.0])]);\nassert!((TripletMarginLoss::new().margin(5.0).value(&a, &p, &n) - 1.0f32).abs() < 1e-4);",
    ),
    loss(
        "TripletMarginWithDistanceLoss",
        "TripletMarginLoss with a distance of one's own",
        "three inputs of any shape that the distance takes; `forward` takes the three gradients behind them as an array",
        "let (a, p, n) = ([Tensor1([0.0, 0.0])], [Tensor1([0.0, 1.0])], [Tensor1([3.0, 4.0])]);\nassert_eq!(TripletMarginWithDistanceLoss::new().value(&a, &p, &n), 0.0f32);",
    ),
    loss(
        "MultiLabelMarginLoss",
        "Σ max(0, 1 - (x[label] - x[i])) / C over the labels and the other classes i",
        "output [C]; labels [C] as signed integers, the first -1 ending them",
        "let loss: f32 = MultiLabelMarginLoss::new().value(&[Tensor1([0.5, 0.0])], &[Tensor1([0i64, -1])]);\nassert_eq!(loss, 0.25);",
    ),
    loss(
        "MultiLabelSoftMarginLoss",
        "BCEWithLogitsLoss, its mean over the classes and then over the samples",
        SAME,
        "let loss: f32 = MultiLabelSoftMarginLoss::new().value(&[Tensor1([0.0, 0.0])], &[Tensor1([1.0, 0.0])]);\nassert!((loss - 2f32.ln()).abs() < 1e-6);",
    ),
    loss(
        "MultiMarginLoss",
        "Σ max(0, margin - x[class] + x[i])ᵖ / C over the other classes i",
        "output [C]; classes as integers",
        "let loss: f32 = MultiMarginLoss::new().value(&[Tensor1([0.5, 0.0])], &[0u32]);\nassert_eq!(loss, 0.25);",
    ),
];

/// The optimisers of torch.optim.
pub const OPTIMIZERS: &[Listed] = &[
    listed(
        "SGD",
        "stochastic gradient descent, with momentum, Nesterov's and weight decay",
        "let mut optimizer = SGD::<Net, 1>::with_momentum(0.1, 0.9);\noptimizer.weight_decay = 1e-4;",
    ),
    listed(
        "Adam",
        "steps by the first moment over the root of the second",
        "let mut optimizer = Adam::<Net>::boxed(0.001);\noptimizer.betas = (0.9, 0.99);",
    ),
    listed(
        "AdamW",
        "Adam whose weight decay stands apart from the gradient",
        "let mut optimizer = AdamW::<Net>::boxed(0.001);\noptimizer.weight_decay = 0.05;",
    ),
    listed(
        "RMSprop",
        "steps by the gradient over the root of its mean square",
        "let mut optimizer = RMSprop::<Net>::boxed(0.01);\noptimizer.alpha = 0.9;",
    ),
    listed(
        "Adagrad",
        "steps by the gradient over the root of the sum of its squares",
        "let mut optimizer = Adagrad::<Net>::boxed(0.01);\noptimizer.lr_decay = 1e-3;",
    ),
];

/// The schedules of torch.optim.lr_scheduler.
pub const SCHEDULES: &[Listed] = &[
    listed("StepLR", "lr · gamma after every step_size steps", "assert_eq!(StepLR::new(0.5, 10).lr(9), 0.5);"),
    listed(
        "MultiStepLR",
        "lr · gamma after each of the milestones",
        "assert_eq!(MultiStepLR::new(0.5, &[30, 80]).lr(29), 0.5);",
    ),
    listed("ExponentialLR", "lr · gamma after every step", "assert_eq!(ExponentialLR::new(0.5, 0.5).lr(2), 0.125);"),
    listed(
        "LinearLR",
        "from start_factor to end_factor in total_iters steps",
        "assert!((LinearLR::new(0.3).lr(0) - 0.1).abs() < 1e-12);",
    ),
    listed("ConstantLR", "lr · factor for total_iters steps, then lr", "assert_eq!(ConstantLR::new(0.5).lr(5), 0.5);"),
    listed("PolynomialLR", "lr · (1 - step / total_iters)^power", "assert_eq!(PolynomialLR::new(0.5).lr(5), 0.0);"),
    listed(
        "CosineAnnealingLR",
        "half a cosine wave from lr to eta_min",
        "assert!((CosineAnnealingLR::new(0.5, 10).lr(5) - 0.25).abs() < 1e-12);",
    ),
    listed(
        "CosineAnnealingWarmRestarts",
        "half cosine waves, each t_mult times as long as the one before",
        "assert_eq!(CosineAnnealingWarmRestarts::new(0.5, 10).lr(10), 0.5);",
    ),
    listed(
        "OneCycleLR",
        "up to max_lr and down to almost nothing, the momentum the other way round; `anneal_strategy = 'linear'` is the field `linear`, and `total_steps` is always given",
        "assert!((OneCycleLR::new(0.1, 100).lr(0) - 0.004).abs() < 1e-12);",
    ),
    listed(
        "CyclicLR",
        "in lines from base_lr to max_lr and back",
        "assert_eq!(CyclicLR::new(0.1, 0.5).lr(2000), 0.5);",
    ),
    listed(
        "LambdaLR",
        "lr times a function of the step",
        "assert_eq!(LambdaLR::new(0.5, |step| 1.0 / (1 + step) as f64).lr(1), 0.25);",
    ),
    listed(
        "MultiplicativeLR",
        "lr times a function of each step so far",
        "assert_eq!(MultiplicativeLR::new(0.5, |_| 0.5).lr(2), 0.125);",
    ),
    listed(
        "SequentialLR",
        "each schedule in turn, from its milestone on",
        "let (warmup, rest) = (LinearLR::new(0.3), CosineAnnealingLR::new(0.3, 100));\nlet schedules: [&dyn Schedule; 2] = [&warmup, &rest];\nassert!((SequentialLR::new(&schedules, &[5]).lr(5) - 0.3).abs() < 1e-12);",
    ),
    listed(
        "ChainedScheduler",
        "the product of schedules, each of which is made for the same lr",
        "let (warmup, decay) = (ConstantLR::new(0.5), ExponentialLR::new(0.5, 0.5));\nlet schedules: [&dyn Schedule; 2] = [&warmup, &decay];\nassert_eq!(ChainedScheduler::new(0.5, &schedules).lr(5), 0.5 / 32.0);",
    ),
    listed(
        "ReduceLROnPlateau",
        "lr · factor when a metric has not improved for more than patience calls",
        "let mut schedule = ReduceLROnPlateau::new(0.5);\nassert_eq!(schedule.step(1.25), 0.5);",
    ),
];

/// The functions of torch.nn.init, without their `_`.
pub const INITS: &[Listed] = &[
    listed("uniform", "U(a, b)", "init::uniform().a(-0.1).b(0.1)"),
    listed("normal", "N(mean, std²)", "init::normal().std(0.02)"),
    listed("trunc_normal", "N(mean, std²) cut to [a, b]", "init::trunc_normal().std(0.02)"),
    listed("constant", "one value everywhere", "init::constant().val(0.1)"),
    listed("ones", "1 everywhere", "init::ones()"),
    listed("zeros", "0 everywhere", "init::zeros()"),
    listed("eye", "the identity matrix", "init::eye()"),
    listed("dirac", "windows that pass channels through unchanged", "init::dirac().groups(2)"),
    listed("xavier_uniform", "U(±gain · √(6 / (fan_in + fan_out)))", "init::xavier_uniform().gain(1.5)"),
    listed("xavier_normal", "N(0, gain² · 2 / (fan_in + fan_out))", "init::xavier_normal()"),
    listed("kaiming_uniform", "U(±√3 · gain / √fan)", "init::kaiming_uniform().nonlinearity(\"relu\")"),
    listed("kaiming_normal", "N(0, gain² / fan)", "init::kaiming_normal().mode(\"fan_out\")"),
    listed("orthogonal", "rows or columns orthogonal, of length gain", "init::orthogonal()"),
    listed("sparse", "⌈sparsity · rows⌉ zeros in each column, else N(0, std²)", "init::sparse().sparsity(0.5)"),
];

/// Functions of torch.nn.utils and torch.nn.init that are no way to fill a parameter.
pub const UTILITIES: &[Listed] = &[
    listed(
        "clip_grad_norm",
        "scales all gradients so that their norm is at most max_norm; gives the norm before",
        "let mut gradients = Net::gradients();\nassert_eq!(clip_grad_norm(&mut *gradients, 1.0, 2.0), 0.0);",
    ),
    listed(
        "clip_grad_value",
        "brings every gradient into ±clip_value",
        "clip_grad_value(&mut *Net::gradients(), 0.5);",
    ),
    listed(
        "parameters_to_vector",
        "all parameters, one after the other",
        "let mut vector = [0.0; Net::PARAMETERS];\nparameters_to_vector(&*Net::init(&mut nn::seed(1)), &mut vector);",
    ),
    listed(
        "vector_to_parameters",
        "and back",
        "vector_to_parameters(&[0.5; Net::PARAMETERS], &mut *Net::init(&mut nn::seed(1)));",
    ),
    listed(
        "calculate_gain",
        "the factor by which a nonlinearity shrinks what passes it",
        "assert_eq!(nn::init::calculate_gain(\"tanh\", None), 5.0 / 3.0);",
    ),
];
