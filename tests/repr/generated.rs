//! Written by record.py.

use nn::prelude::*;

use super::*;

network! {
    struct Image: ([4, 8, 8],) -> ([4, 8, 8],) {
        l0: Conv2d(4, 6, 3),
        l1: Conv2d(4, 6, (3, 5), stride=2, padding=(1, 2), groups=2, bias=false),
        l2: Conv2d(4, 6, 3, padding="same", dilation=2),
        l3: Conv2d(4, 6, kernel_size=2, padding="valid"),
        l4: Conv2d(4, 6, 3, 1, 1, padding_mode="reflect"),
        l5: Conv2d(4, 6, 3, padding=0, dilation=(1, 1)),
        l6: Conv2d(_, 6, 3),
        l7: ConvTranspose2d(4, 6, 3),
        l8: ConvTranspose2d(4, 6, 3, stride=2, padding=1, output_padding=1, groups=2, bias=false, dilation=2),
        l9: BatchNorm2d(4),
        l10: BatchNorm2d(_),
        l11: BatchNorm2d(4, eps=0.001, momentum=None),
        l12: BatchNorm2d(4, affine=false),
        l13: BatchNorm2d(4, track_running_stats=false),
        l14: BatchNorm2d(4, bias=false),
        l15: InstanceNorm2d(4),
        l16: InstanceNorm2d(4, affine=true, track_running_stats=true),
        l17: GroupNorm(2, 4),
        l18: GroupNorm(2, 4, eps=0.1, affine=false),
        l19: GroupNorm(4, 4, bias=false),
        l20: LayerNorm(8),
        l21: LayerNorm((8, 8), eps=1e-12),
        l22: LayerNorm(8, bias=false),
        l23: LayerNorm(8, elementwise_affine=false),
        l24: RMSNorm(8),
        l25: RMSNorm((8, 8), eps=1e-6, elementwise_affine=false),
        l26: LocalResponseNorm(2),
        l27: LocalResponseNorm(3, alpha=0.00001, beta=1, k=2),
        l28: MaxPool2d(2),
        l29: MaxPool2d(3, stride=2, padding=1, ceil_mode=true),
        l30: MaxPool2d((2, 3), (1, 2), dilation=(1, 2)),
        l31: AvgPool2d(2),
        l32: AvgPool2d((2, 1), stride=1),
        l33: LPPool2d(2, 2),
        l34: LPPool2d(1.5, 3, stride=2, ceil_mode=true),
        l35: AdaptiveAvgPool2d(1),
        l36: AdaptiveAvgPool2d((2, 3)),
        l37: AdaptiveAvgPool2d((None, 3)),
        l38: AdaptiveMaxPool2d((5, None)),
        l39: FractionalMaxPool2d(2, output_size=3),
        l40: PixelShuffle(2),
        l41: PixelUnshuffle(2),
        l42: ChannelShuffle(2),
        l43: ReflectionPad2d(1),
        l44: ReplicationPad2d((1, 2, 0, 1)),
        l45: ZeroPad2d(2),
        l46: ConstantPad2d(1, 3.5),
        l47: ConstantPad2d((1, 0, 2, 0), 0),
        l48: CircularPad2d(1),
        l49: Upsample(scale_factor=2),
        l50: Upsample(size=(16, 12), mode="bilinear"),
        l51: Upsample(16),
        l52: Upsample(scale_factor=(2, 1.5), mode="bilinear", align_corners=true),
        l53: UpsamplingNearest2d(scale_factor=2),
        l54: UpsamplingNearest2d(16),
        l55: UpsamplingBilinear2d(size=(16, 12)),
        l56: UpsamplingBilinear2d(scale_factor=3),
        l57: Unfold(2, stride=2),
        l58: Unfold((2, 4), padding=(1, 0)),
        l59: Softmax2d,
        l60: Dropout2d(0.3),
        l61: FeatureAlphaDropout(p=0.2, inplace=true),
        l62: Flatten,
        l63: Flatten(1, 2),
        l64: Unflatten(1, (2, 2)),
        l65: Identity,
        l66: GLU(1),
    }
    forward(x) {
        let _ = l0(x);
        let _ = l1(x);
        let _ = l2(x);
        let _ = l3(x);
        let _ = l4(x);
        let _ = l5(x);
        let _ = l6(x);
        let _ = l7(x);
        let _ = l8(x);
        let _ = l9(x);
        let _ = l10(x);
        let _ = l11(x);
        let _ = l12(x);
        let _ = l13(x);
        let _ = l14(x);
        let _ = l15(x);
        let _ = l16(x);
        let _ = l17(x);
        let _ = l18(x);
        let _ = l19(x);
        let _ = l20(x);
        let _ = l21(x);
        let _ = l22(x);
        let _ = l23(x);
        let _ = l24(x);
        let _ = l25(x);
        let _ = l26(x);
        let _ = l27(x);
        let _ = l28(x);
        let _ = l29(x);
        let _ = l30(x);
        let _ = l31(x);
        let _ = l32(x);
        let _ = l33(x);
        let _ = l34(x);
        let _ = l35(x);
        let _ = l36(x);
        let _ = l37(x);
        let _ = l38(x);
        let _ = l39(x);
        let _ = l40(x);
        let _ = l41(x);
        let _ = l42(x);
        let _ = l43(x);
        let _ = l44(x);
        let _ = l45(x);
        let _ = l46(x);
        let _ = l47(x);
        let _ = l48(x);
        let _ = l49(x);
        let _ = l50(x);
        let _ = l51(x);
        let _ = l52(x);
        let _ = l53(x);
        let _ = l54(x);
        let _ = l55(x);
        let _ = l56(x);
        let _ = l57(x);
        let _ = l58(x);
        let _ = l59(x);
        let _ = l60(x);
        let _ = l61(x);
        let _ = l62(x);
        let _ = l63(x);
        let _ = l64(x);
        let _ = l65(x);
        let _ = l66(x);
        (x,)
    }
}

#[test]
fn image() {
    assert_eq!(Image::repr().to_string(), r#"Image(
  (l0): Conv2d(4, 6, kernel_size=(3, 3), stride=(1, 1))
  (l1): Conv2d(4, 6, kernel_size=(3, 5), stride=(2, 2), padding=(1, 2), groups=2, bias=False)
  (l2): Conv2d(4, 6, kernel_size=(3, 3), stride=(1, 1), padding=same, dilation=(2, 2))
  (l3): Conv2d(4, 6, kernel_size=(2, 2), stride=(1, 1), padding=valid)
  (l4): Conv2d(4, 6, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1), padding_mode=reflect)
  (l5): Conv2d(4, 6, kernel_size=(3, 3), stride=(1, 1))
  (l6): Conv2d(4, 6, kernel_size=(3, 3), stride=(1, 1))
  (l7): ConvTranspose2d(4, 6, kernel_size=(3, 3), stride=(1, 1))
  (l8): ConvTranspose2d(4, 6, kernel_size=(3, 3), stride=(2, 2), padding=(1, 1), dilation=(2, 2), output_padding=(1, 1), groups=2, bias=False)
  (l9): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
  (l10): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
  (l11): BatchNorm2d(4, eps=0.001, momentum=None, affine=True, bias=True, track_running_stats=True)
  (l12): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=False, bias=False, track_running_stats=True)
  (l13): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=False)
  (l14): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, bias=False, track_running_stats=True)
  (l15): InstanceNorm2d(4, eps=1e-05, momentum=0.1, affine=False, bias=False, track_running_stats=False)
  (l16): InstanceNorm2d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
  (l17): GroupNorm(2, 4, eps=1e-05, affine=True, bias=True)
  (l18): GroupNorm(2, 4, eps=0.1, affine=False, bias=False)
  (l19): GroupNorm(4, 4, eps=1e-05, affine=True, bias=False)
  (l20): LayerNorm((8,), eps=1e-05, elementwise_affine=True, bias=True)
  (l21): LayerNorm((8, 8), eps=1e-12, elementwise_affine=True, bias=True)
  (l22): LayerNorm((8,), eps=1e-05, elementwise_affine=True, bias=False)
  (l23): LayerNorm((8,), eps=1e-05, elementwise_affine=False, bias=False)
  (l24): RMSNorm((8,), eps=None, elementwise_affine=True)
  (l25): RMSNorm((8, 8), eps=1e-06, elementwise_affine=False)
  (l26): LocalResponseNorm(2, alpha=0.0001, beta=0.75, k=1.0)
  (l27): LocalResponseNorm(3, alpha=1e-05, beta=1, k=2)
  (l28): MaxPool2d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
  (l29): MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=True)
  (l30): MaxPool2d(kernel_size=(2, 3), stride=(1, 2), padding=0, dilation=(1, 2), ceil_mode=False)
  (l31): AvgPool2d(kernel_size=2, stride=2, padding=0)
  (l32): AvgPool2d(kernel_size=(2, 1), stride=1, padding=0)
  (l33): LPPool2d(norm_type=2, kernel_size=2, stride=None, ceil_mode=False)
  (l34): LPPool2d(norm_type=1.5, kernel_size=3, stride=2, ceil_mode=True)
  (l35): AdaptiveAvgPool2d(output_size=1)
  (l36): AdaptiveAvgPool2d(output_size=(2, 3))
  (l37): AdaptiveAvgPool2d(output_size=(None, 3))
  (l38): AdaptiveMaxPool2d(output_size=(5, None))
  (l39): FractionalMaxPool2d()
  (l40): PixelShuffle(upscale_factor=2)
  (l41): PixelUnshuffle(downscale_factor=2)
  (l42): ChannelShuffle(groups=2)
  (l43): ReflectionPad2d((1, 1, 1, 1))
  (l44): ReplicationPad2d((1, 2, 0, 1))
  (l45): ZeroPad2d((2, 2, 2, 2))
  (l46): ConstantPad2d(padding=(1, 1, 1, 1), value=3.5)
  (l47): ConstantPad2d(padding=(1, 0, 2, 0), value=0)
  (l48): CircularPad2d((1, 1, 1, 1))
  (l49): Upsample(scale_factor=2.0, mode='nearest')
  (l50): Upsample(size=(16, 12), mode='bilinear')
  (l51): Upsample(size=16, mode='nearest')
  (l52): Upsample(scale_factor=(2.0, 1.5), mode='bilinear')
  (l53): UpsamplingNearest2d(scale_factor=2.0, mode='nearest')
  (l54): UpsamplingNearest2d(size=16, mode='nearest')
  (l55): UpsamplingBilinear2d(size=(16, 12), mode='bilinear')
  (l56): UpsamplingBilinear2d(scale_factor=3.0, mode='bilinear')
  (l57): Unfold(kernel_size=2, dilation=1, padding=0, stride=2)
  (l58): Unfold(kernel_size=(2, 4), dilation=1, padding=(1, 0), stride=1)
  (l59): Softmax2d()
  (l60): Dropout2d(p=0.3, inplace=False)
  (l61): FeatureAlphaDropout(p=0.2, inplace=True)
  (l62): Flatten(start_dim=1, end_dim=-1)
  (l63): Flatten(start_dim=1, end_dim=2)
  (l64): Unflatten(dim=1, unflattened_size=(2, 2))
  (l65): Identity()
  (l66): GLU(dim=1)
)"#);
}

network! {
    struct Series: ([4, 12],) -> ([4, 12],) {
        l0: Conv1d(4, 6, 3),
        l1: Conv1d(4, 6, 3, padding=2, dilation=3),
        l2: ConvTranspose1d(4, 6, 3, stride=2),
        l3: BatchNorm1d(4),
        l4: InstanceNorm1d(4),
        l5: MaxPool1d(2),
        l6: MaxPool1d(3, 1),
        l7: AvgPool1d(2),
        l8: AvgPool1d(3, stride=2, padding=1),
        l9: LPPool1d(2, 3),
        l10: AdaptiveAvgPool1d(5),
        l11: AdaptiveMaxPool1d(1),
        l12: ReflectionPad1d(2),
        l13: ReplicationPad1d((1, 2)),
        l14: ZeroPad1d(3),
        l15: ConstantPad1d(2, -1),
        l16: CircularPad1d((1, 1)),
        l17: Dropout1d,
        l18: Dropout(0),
        l19: Dropout(p=0.25, inplace=true),
        l20: AlphaDropout(1e-5),
        l21: Linear(12, 5),
        l22: Linear(_, 5, bias=false),
        l23: Bilinear(12, 12, 3),
        l24: Bilinear(12, 12, 3, bias=false),
        l25: CosineSimilarity(dim=2),
        l26: PairwiseDistance(p=1),
        l27: RNN(12, 5),
        l28: RNN(12, 5, 2, "relu", bias=false, dropout=0.5, bidirectional=true),
        l29: LSTM(12, 5, num_layers=2, batch_first=true, proj_size=3),
        l30: LSTM(12, 5),
        l31: GRU(12, 5, bidirectional=true),
        l32: MultiheadAttention(12, 3),
        l33: MultiheadAttention(12, 2, dropout=0.1, bias=false),
        l34: Softmax(dim=1),
        l35: LogSoftmax(-1),
        l36: Softmin(dim=2),
        l37: GLU,
        l38: PReLU,
        l39: PReLU(4, init=0.1),
        l40: RReLU,
        l41: RReLU(0.1, 0.3, inplace=true),
        l42: ReLU,
        l43: ReLU(inplace=true),
        l44: LeakyReLU,
        l45: LeakyReLU(0.2, true),
        l46: LeakyReLU(1),
        l47: Sigmoid,
        l48: Tanh,
        l49: GELU,
        l50: GELU("tanh"),
        l51: ReLU6,
        l52: ReLU6(true),
        l53: ELU,
        l54: ELU(0.5, inplace=true),
        l55: SELU(true),
        l56: CELU(alpha=2.5),
        l57: SiLU,
        l58: Mish(inplace=true),
        l59: Hardshrink,
        l60: Softshrink(1.5),
        l61: Tanhshrink,
        l62: Softsign,
        l63: Softplus,
        l64: Softplus(2, threshold=1e20),
        l65: LogSigmoid,
        l66: Hardsigmoid(inplace=true),
        l67: Hardswish,
        l68: Hardtanh,
        l69: Hardtanh(0, 6),
        l70: Hardtanh(-2.5, 2.5, inplace=true),
        l71: Threshold(0.1, 20),
        l72: Threshold(0.0, -1e-7, true),
        l73: Fold((2, 4), 2, stride=2, padding=1),
        l74: Fold(output_size=4, kernel_size=2, dilation=1),
        l75: TransformerEncoderLayer(12, 3, 7),
        l76: TransformerDecoderLayer(12, 3, dim_feedforward=5),
        l77: TransformerEncoder(TransformerEncoderLayer(12, 3, 8), num_layers=2),
        l78: Transformer(12, 3, 2, 2, 9),
    }
    forward(x) {
        let _ = l0(x);
        let _ = l1(x);
        let _ = l2(x);
        let _ = l3(x);
        let _ = l4(x);
        let _ = l5(x);
        let _ = l6(x);
        let _ = l7(x);
        let _ = l8(x);
        let _ = l9(x);
        let _ = l10(x);
        let _ = l11(x);
        let _ = l12(x);
        let _ = l13(x);
        let _ = l14(x);
        let _ = l15(x);
        let _ = l16(x);
        let _ = l17(x);
        let _ = l18(x);
        let _ = l19(x);
        let _ = l20(x);
        let _ = l21(x);
        let _ = l22(x);
        let _ = l23(x, x);
        let _ = l24(x, x);
        let _ = l25(x, x);
        let _ = l26(x, x);
        let _ = l27(x);
        let _ = l28(x);
        let _ = l29(x);
        let _ = l30(x);
        let _ = l31(x);
        let _ = l32(x, x, x);
        let _ = l33(x, x, x);
        let _ = l34(x);
        let _ = l35(x);
        let _ = l36(x);
        let _ = l37(x);
        let _ = l38(x);
        let _ = l39(x);
        let _ = l40(x);
        let _ = l41(x);
        let _ = l42(x);
        let _ = l43(x);
        let _ = l44(x);
        let _ = l45(x);
        let _ = l46(x);
        let _ = l47(x);
        let _ = l48(x);
        let _ = l49(x);
        let _ = l50(x);
        let _ = l51(x);
        let _ = l52(x);
        let _ = l53(x);
        let _ = l54(x);
        let _ = l55(x);
        let _ = l56(x);
        let _ = l57(x);
        let _ = l58(x);
        let _ = l59(x);
        let _ = l60(x);
        let _ = l61(x);
        let _ = l62(x);
        let _ = l63(x);
        let _ = l64(x);
        let _ = l65(x);
        let _ = l66(x);
        let _ = l67(x);
        let _ = l68(x);
        let _ = l69(x);
        let _ = l70(x);
        let _ = l71(x);
        let _ = l72(x);
        let _ = l73(x.narrow(2, 0, 6));
        let _ = l74(x.narrow(2, 0, 9));
        let _ = l75(x);
        let _ = l76(x, x);
        let _ = l77(x);
        let _ = l78(x, x);
        (x,)
    }
}

#[test]
fn series() {
    assert_eq!(Series::repr().to_string(), r#"Series(
  (l0): Conv1d(4, 6, kernel_size=(3,), stride=(1,))
  (l1): Conv1d(4, 6, kernel_size=(3,), stride=(1,), padding=(2,), dilation=(3,))
  (l2): ConvTranspose1d(4, 6, kernel_size=(3,), stride=(2,))
  (l3): BatchNorm1d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
  (l4): InstanceNorm1d(4, eps=1e-05, momentum=0.1, affine=False, bias=False, track_running_stats=False)
  (l5): MaxPool1d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
  (l6): MaxPool1d(kernel_size=3, stride=1, padding=0, dilation=1, ceil_mode=False)
  (l7): AvgPool1d(kernel_size=(2,), stride=(2,), padding=(0,))
  (l8): AvgPool1d(kernel_size=(3,), stride=(2,), padding=(1,))
  (l9): LPPool1d(norm_type=2, kernel_size=3, stride=None, ceil_mode=False)
  (l10): AdaptiveAvgPool1d(output_size=5)
  (l11): AdaptiveMaxPool1d(output_size=1)
  (l12): ReflectionPad1d((2, 2))
  (l13): ReplicationPad1d((1, 2))
  (l14): ZeroPad1d((3, 3))
  (l15): ConstantPad1d(padding=(2, 2), value=-1)
  (l16): CircularPad1d((1, 1))
  (l17): Dropout1d(p=0.5, inplace=False)
  (l18): Dropout(p=0, inplace=False)
  (l19): Dropout(p=0.25, inplace=True)
  (l20): AlphaDropout(p=1e-05, inplace=False)
  (l21): Linear(in_features=12, out_features=5, bias=True)
  (l22): Linear(in_features=12, out_features=5, bias=False)
  (l23): Bilinear(in1_features=12, in2_features=12, out_features=3, bias=True)
  (l24): Bilinear(in1_features=12, in2_features=12, out_features=3, bias=False)
  (l25): CosineSimilarity()
  (l26): PairwiseDistance()
  (l27): RNN(12, 5)
  (l28): RNN(12, 5, num_layers=2, bias=False, dropout=0.5, bidirectional=True)
  (l29): LSTM(12, 5, proj_size=3, num_layers=2, batch_first=True)
  (l30): LSTM(12, 5)
  (l31): GRU(12, 5, bidirectional=True)
  (l32): MultiheadAttention(
    (out_proj): NonDynamicallyQuantizableLinear(in_features=12, out_features=12, bias=True)
  )
  (l33): MultiheadAttention(
    (out_proj): NonDynamicallyQuantizableLinear(in_features=12, out_features=12, bias=False)
  )
  (l34): Softmax(dim=1)
  (l35): LogSoftmax(dim=-1)
  (l36): Softmin(dim=2)
  (l37): GLU(dim=-1)
  (l38): PReLU(num_parameters=1)
  (l39): PReLU(num_parameters=4)
  (l40): RReLU(lower=0.125, upper=0.3333333333333333)
  (l41): RReLU(lower=0.1, upper=0.3, inplace=True)
  (l42): ReLU()
  (l43): ReLU(inplace=True)
  (l44): LeakyReLU(negative_slope=0.01)
  (l45): LeakyReLU(negative_slope=0.2, inplace=True)
  (l46): LeakyReLU(negative_slope=1)
  (l47): Sigmoid()
  (l48): Tanh()
  (l49): GELU(approximate='none')
  (l50): GELU(approximate='tanh')
  (l51): ReLU6()
  (l52): ReLU6(inplace=True)
  (l53): ELU(alpha=1.0)
  (l54): ELU(alpha=0.5, inplace=True)
  (l55): SELU(inplace=True)
  (l56): CELU(alpha=2.5)
  (l57): SiLU()
  (l58): Mish(inplace=True)
  (l59): Hardshrink(0.5)
  (l60): Softshrink(1.5)
  (l61): Tanhshrink()
  (l62): Softsign()
  (l63): Softplus(beta=1.0, threshold=20.0)
  (l64): Softplus(beta=2, threshold=1e+20)
  (l65): LogSigmoid()
  (l66): Hardsigmoid()
  (l67): Hardswish()
  (l68): Hardtanh(min_val=-1.0, max_val=1.0)
  (l69): Hardtanh(min_val=0, max_val=6)
  (l70): Hardtanh(min_val=-2.5, max_val=2.5, inplace=True)
  (l71): Threshold(threshold=0.1, value=20)
  (l72): Threshold(threshold=0.0, value=-1e-07, inplace=True)
  (l73): Fold(output_size=(2, 4), kernel_size=2, dilation=1, padding=1, stride=2)
  (l74): Fold(output_size=4, kernel_size=2, dilation=1, padding=0, stride=1)
  (l75): TransformerEncoderLayer(
    (self_attn): MultiheadAttention(
      (out_proj): NonDynamicallyQuantizableLinear(in_features=12, out_features=12, bias=True)
    )
    (linear1): Linear(in_features=12, out_features=7, bias=True)
    (dropout): Dropout(p=0.1, inplace=False)
    (linear2): Linear(in_features=7, out_features=12, bias=True)
    (norm1): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
    (norm2): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
    (dropout1): Dropout(p=0.1, inplace=False)
    (dropout2): Dropout(p=0.1, inplace=False)
  )
  (l76): TransformerDecoderLayer(
    (self_attn): MultiheadAttention(
      (out_proj): NonDynamicallyQuantizableLinear(in_features=12, out_features=12, bias=True)
    )
    (multihead_attn): MultiheadAttention(
      (out_proj): NonDynamicallyQuantizableLinear(in_features=12, out_features=12, bias=True)
    )
    (linear1): Linear(in_features=12, out_features=5, bias=True)
    (dropout): Dropout(p=0.1, inplace=False)
    (linear2): Linear(in_features=5, out_features=12, bias=True)
    (norm1): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
    (norm2): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
    (norm3): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
    (dropout1): Dropout(p=0.1, inplace=False)
    (dropout2): Dropout(p=0.1, inplace=False)
    (dropout3): Dropout(p=0.1, inplace=False)
  )
  (l77): TransformerEncoder(
    (layers): ModuleList(
      (0-1): 2 x TransformerEncoderLayer(
        (self_attn): MultiheadAttention(
          (out_proj): NonDynamicallyQuantizableLinear(in_features=12, out_features=12, bias=True)
        )
        (linear1): Linear(in_features=12, out_features=8, bias=True)
        (dropout): Dropout(p=0.1, inplace=False)
        (linear2): Linear(in_features=8, out_features=12, bias=True)
        (norm1): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
        (norm2): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
        (dropout1): Dropout(p=0.1, inplace=False)
        (dropout2): Dropout(p=0.1, inplace=False)
      )
    )
  )
  (l78): Transformer(
    (encoder): TransformerEncoder(
      (layers): ModuleList(
        (0-1): 2 x TransformerEncoderLayer(
          (self_attn): MultiheadAttention(
            (out_proj): NonDynamicallyQuantizableLinear(in_features=12, out_features=12, bias=True)
          )
          (linear1): Linear(in_features=12, out_features=9, bias=True)
          (dropout): Dropout(p=0.1, inplace=False)
          (linear2): Linear(in_features=9, out_features=12, bias=True)
          (norm1): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
          (norm2): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
          (dropout1): Dropout(p=0.1, inplace=False)
          (dropout2): Dropout(p=0.1, inplace=False)
        )
      )
      (norm): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
    )
    (decoder): TransformerDecoder(
      (layers): ModuleList(
        (0-1): 2 x TransformerDecoderLayer(
          (self_attn): MultiheadAttention(
            (out_proj): NonDynamicallyQuantizableLinear(in_features=12, out_features=12, bias=True)
          )
          (multihead_attn): MultiheadAttention(
            (out_proj): NonDynamicallyQuantizableLinear(in_features=12, out_features=12, bias=True)
          )
          (linear1): Linear(in_features=12, out_features=9, bias=True)
          (dropout): Dropout(p=0.1, inplace=False)
          (linear2): Linear(in_features=9, out_features=12, bias=True)
          (norm1): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
          (norm2): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
          (norm3): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
          (dropout1): Dropout(p=0.1, inplace=False)
          (dropout2): Dropout(p=0.1, inplace=False)
          (dropout3): Dropout(p=0.1, inplace=False)
        )
      )
      (norm): LayerNorm((12,), eps=1e-05, elementwise_affine=True, bias=True)
    )
  )
)"#);
}

network! {
    struct Step: ([12],) -> ([12],) {
        l0: RNNCell(12, 5),
        l1: RNNCell(12, 5, bias=false, nonlinearity="relu"),
        l2: LSTMCell(12, 5),
        l3: GRUCell(12, 5, bias=false),
    }
    forward(x) {
        let _ = l0(x);
        let _ = l1(x);
        let _ = l2(x);
        let _ = l3(x);
        (x,)
    }
}

#[test]
fn step() {
    assert_eq!(Step::repr().to_string(), r#"Step(
  (l0): RNNCell(12, 5)
  (l1): RNNCell(12, 5, bias=False, nonlinearity=relu)
  (l2): LSTMCell(12, 5)
  (l3): GRUCell(12, 5, bias=False)
)"#);
}

network! {
    struct Volume: ([2, 4, 4, 4],) -> ([2, 4, 4, 4],) {
        l0: Conv3d(2, 2, 3),
        l1: Conv3d(2, 2, (1, 2, 3), padding=(0, 0, 1)),
        l2: ConvTranspose3d(2, 2, 2),
        l3: BatchNorm3d(2),
        l4: InstanceNorm3d(2),
        l5: MaxPool3d(2),
        l6: AvgPool3d(2, 1),
        l7: LPPool3d(2, 2),
        l8: AdaptiveAvgPool3d((1, None, 2)),
        l9: AdaptiveMaxPool3d(2),
        l10: FractionalMaxPool3d(2, output_ratio=0.5),
        l11: ReflectionPad3d(1),
        l12: ReplicationPad3d(1),
        l13: ZeroPad3d((1, 0, 1, 0, 1, 0)),
        l14: ConstantPad3d(1, 0.5),
        l15: CircularPad3d(1),
        l16: Dropout3d,
    }
    forward(x) {
        let _ = l0(x);
        let _ = l1(x);
        let _ = l2(x);
        let _ = l3(x);
        let _ = l4(x);
        let _ = l5(x);
        let _ = l6(x);
        let _ = l7(x);
        let _ = l8(x);
        let _ = l9(x);
        let _ = l10(x);
        let _ = l11(x);
        let _ = l12(x);
        let _ = l13(x);
        let _ = l14(x);
        let _ = l15(x);
        let _ = l16(x);
        (x,)
    }
}

#[test]
fn volume() {
    assert_eq!(Volume::repr().to_string(), r#"Volume(
  (l0): Conv3d(2, 2, kernel_size=(3, 3, 3), stride=(1, 1, 1))
  (l1): Conv3d(2, 2, kernel_size=(1, 2, 3), stride=(1, 1, 1), padding=(0, 0, 1))
  (l2): ConvTranspose3d(2, 2, kernel_size=(2, 2, 2), stride=(1, 1, 1))
  (l3): BatchNorm3d(2, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
  (l4): InstanceNorm3d(2, eps=1e-05, momentum=0.1, affine=False, bias=False, track_running_stats=False)
  (l5): MaxPool3d(kernel_size=2, stride=2, padding=0, dilation=1, ceil_mode=False)
  (l6): AvgPool3d(kernel_size=2, stride=1, padding=0)
  (l7): LPPool3d(norm_type=2, kernel_size=2, stride=None, ceil_mode=False)
  (l8): AdaptiveAvgPool3d(output_size=(1, None, 2))
  (l9): AdaptiveMaxPool3d(output_size=2)
  (l10): FractionalMaxPool3d()
  (l11): ReflectionPad3d((1, 1, 1, 1, 1, 1))
  (l12): ReplicationPad3d((1, 1, 1, 1, 1, 1))
  (l13): ZeroPad3d((1, 0, 1, 0, 1, 0))
  (l14): ConstantPad3d(padding=(1, 1, 1, 1, 1, 1), value=0.5)
  (l15): CircularPad3d((1, 1, 1, 1, 1, 1))
  (l16): Dropout3d(p=0.5, inplace=False)
)"#);
}

network! {
    struct Row: ([2, 3], [[u32; 3]; 2],) -> ([2, 3],) {
        l0: MaxUnpool1d(2),
        l1: MaxUnpool1d(3, stride=2, padding=1),
    }
    forward(x, i) {
        let _ = l0(x, i);
        let _ = l1(x, i);
        (x,)
    }
}

#[test]
fn row() {
    assert_eq!(Row::repr().to_string(), r#"Row(
  (l0): MaxUnpool1d(kernel_size=(2,), stride=(2,), padding=(0,))
  (l1): MaxUnpool1d(kernel_size=(3,), stride=(2,), padding=(1,))
)"#);
}

network! {
    struct Plane: ([1, 3, 2], [[[u32; 2]; 3]; 1],) -> ([1, 3, 2],) {
        l0: MaxUnpool2d((2, 3)),
        l1: MaxUnpool2d(3, 2, 1),
        l2: MaxUnpool2d(2, stride=(2, 1)),
    }
    forward(x, i) {
        let _ = l0(x, i);
        let _ = l1(x, i);
        let _ = l2(x, i);
        (x,)
    }
}

#[test]
fn plane() {
    assert_eq!(Plane::repr().to_string(), r#"Plane(
  (l0): MaxUnpool2d(kernel_size=(2, 3), stride=(2, 3), padding=(0, 0))
  (l1): MaxUnpool2d(kernel_size=(3, 3), stride=(2, 2), padding=(1, 1))
  (l2): MaxUnpool2d(kernel_size=(2, 2), stride=(2, 1), padding=(0, 0))
)"#);
}

network! {
    struct Block: ([1, 1, 3, 2], [[[[u32; 2]; 3]; 1]; 1],) -> ([1, 1, 3, 2],) {
        l0: MaxUnpool3d(2),
        l1: MaxUnpool3d(2, (2, 3, 2), padding=(0, 1, 0)),
    }
    forward(x, i) {
        let _ = l0(x, i);
        let _ = l1(x, i);
        (x,)
    }
}

#[test]
fn block() {
    assert_eq!(Block::repr().to_string(), r#"Block(
  (l0): MaxUnpool3d(kernel_size=(2, 2, 2), stride=(2, 2, 2), padding=(0, 0, 0))
  (l1): MaxUnpool3d(kernel_size=(2, 2, 2), stride=(2, 3, 2), padding=(0, 1, 0))
)"#);
}

network! {
    struct Words: ([u32; 6],) -> ([u32; 6],) {
        l0: Embedding(10, 3),
        l1: Embedding(10, 3, padding_idx=0),
        l2: Embedding(10, 3, padding_idx=-1, max_norm=1, norm_type=1.0, scale_grad_by_freq=true, sparse=true),
        l3: Embedding(10, 3, norm_type=2),
        l4: EmbeddingBag(10, 3),
        l5: EmbeddingBag(10, 3, mode="sum", padding_idx=2),
        l6: EmbeddingBag(10, 3, max_norm=2.5, norm_type=1.5, scale_grad_by_freq=true, mode="mean"),
    }
    forward(x) {
        let _ = l0(x);
        let _ = l1(x);
        let _ = l2(x);
        let _ = l3(x);
        let _ = l4(x);
        let _ = l5(x);
        let _ = l6(x);
        (x,)
    }
}

#[test]
fn words() {
    assert_eq!(Words::repr().to_string(), r#"Words(
  (l0): Embedding(10, 3)
  (l1): Embedding(10, 3, padding_idx=0)
  (l2): Embedding(10, 3, padding_idx=9, max_norm=1, norm_type=1.0, scale_grad_by_freq=True, sparse=True)
  (l3): Embedding(10, 3)
  (l4): EmbeddingBag(10, 3, mode='mean')
  (l5): EmbeddingBag(10, 3, mode='sum', padding_idx=2)
  (l6): EmbeddingBag(10, 3, max_norm=2.5, norm_type=1.5, scale_grad_by_freq=True, mode='mean')
)"#);
}

network! {
    struct Mlp: [4] -> [2] (Linear(4, 8), ReLU, Linear(8, 2));
}

#[test]
fn mlp() {
    assert_eq!(Mlp::repr().to_string(), r#"Mlp(
  (0): Linear(in_features=4, out_features=8, bias=True)
  (1): ReLU()
  (2): Linear(in_features=8, out_features=2, bias=True)
)"#);
}

network! {
    struct Unnamed: [4] -> [2] {
        first: Linear(4, WIDTH),
        ReLU,
        Linear(WIDTH, 2 * WIDTH),
        last: Linear(_, 2),
    }
}

#[test]
fn unnamed() {
    assert_eq!(Unnamed::repr().to_string(), r#"Unnamed(
  (first): Linear(in_features=4, out_features=8, bias=True)
  (1): ReLU()
  (2): Linear(in_features=8, out_features=16, bias=True)
  (last): Linear(in_features=16, out_features=2, bias=True)
)"#);
}

network! {
    struct Lists: [4, 6, 6] -> [4, 6, 6] {
        stem: [Conv2d(4, 4, 1), ReLU],
        layers: [Residual(4), Residual(4), Residual(4), Identity, Residual(4)],
        towers: [Tower(6); 9],
        all: [[Residual(4), Residual(4)], [Residual(4), Residual(4)]],
    }
    forward(x) {
        let x = stem(x);
        for layer in layers { x = layer(x); }
        for tower in towers { x = tower(x); }
        for list in all { for layer in list { x = layer(x); } }
        x
    }
}

#[test]
fn lists() {
    assert_eq!(Lists::repr().to_string(), r#"Lists(
  (stem): Sequential(
    (0): Conv2d(4, 4, kernel_size=(1, 1), stride=(1, 1))
    (1): ReLU()
  )
  (layers): ModuleList(
    (0-2): 3 x Residual(
      (conv): Conv2d(4, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
      (bn): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
    )
    (3): Identity()
    (4): Residual(
      (conv): Conv2d(4, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
      (bn): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
    )
  )
  (towers): ModuleList(
    (0-8): 9 x Tower(
      (parts): ModuleList(
        (0-1): 2 x Linear(in_features=6, out_features=6, bias=True)
        (2): Tanh()
      )
    )
  )
  (all): ModuleList(
    (0-1): 2 x ModuleList(
      (0-1): 2 x Residual(
        (conv): Conv2d(4, 4, kernel_size=(3, 3), stride=(1, 1), padding=(1, 1))
        (bn): BatchNorm2d(4, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
      )
    )
  )
)"#);
}

network! {
    struct Whole: [4] -> [4] {
        encoder: net(Encoder),
        #[key = "head"]
        #[frozen]
        decoder: [Linear(3, 5), Tanh, Linear(5, 4)],
    }
}

#[test]
fn whole() {
    assert_eq!(Whole::repr().to_string(), r#"Whole(
  (encoder): Encoder(
    (0): Linear(in_features=4, out_features=5, bias=True)
    (1): Tanh()
    (2): Linear(in_features=5, out_features=3, bias=True)
  )
  (head): Sequential(
    (0): Linear(in_features=3, out_features=5, bias=True)
    (1): Tanh()
    (2): Linear(in_features=5, out_features=4, bias=True)
  )
)"#);
}

network! {
    struct Held: [2, 3] -> [2, 3] {
        fc: Linear(3, 3),
        scale: Parameter(3),
        mean: Buffer(2, 3),
        parts: [Parameter(3), Parameter(2, 3), Parameter(())],
        named: { gain: Parameter(3), offset: Parameter(2, 3) },
        heads: { a: Linear(3, 3), b: [ReLU, Linear(3, 3)], c: Residual3(3) },
    }
    forward(x) {
        let x = fc(x - mean) * scale * parts[0] + parts[1] * parts[2];
        let x = x * named.gain + named.offset;
        heads.c(heads.b(heads.a(x)))
    }
}

#[test]
fn held() {
    assert_eq!(Held::repr().to_string(), r#"Held(
  (fc): Linear(in_features=3, out_features=3, bias=True)
  (parts): ParameterList(
      (0): Parameter containing: [torch.float32 of size 3]
      (1): Parameter containing: [torch.float32 of size 2x3]
      (2): Parameter containing: [torch.float32 of size ]
  )
  (named): ParameterDict(
      (gain): Parameter containing: [torch.FloatTensor of size 3]
      (offset): Parameter containing: [torch.FloatTensor of size 2x3]
  )
  (heads): ModuleDict(
    (a): Linear(in_features=3, out_features=3, bias=True)
    (b): Sequential(
      (0): ReLU()
      (1): Linear(in_features=3, out_features=3, bias=True)
    )
    (c): Residual3(
      (fc): Linear(in_features=3, out_features=3, bias=True)
    )
  )
)"#);
}

network! {
    #[element(f64)]
    struct Doubles: [3] -> [3] {
        list: [Parameter(3); 2],
        dict: { a: Parameter(3) },
    }
    forward(x) {
        x * list[0] + list[1] * dict.a
    }
}

#[test]
fn doubles() {
    assert_eq!(Doubles::repr().to_string(), r#"Doubles(
  (list): ParameterList(
      (0): Parameter containing: [torch.float64 of size 3]
      (1): Parameter containing: [torch.float64 of size 3]
  )
  (dict): ParameterDict(  (a): Parameter containing: [torch.DoubleTensor of size 3])
)"#);
}
